import { EventStream } from './event-stream.js';

const change = (id: string) => ({ type: 'updated', resource: 'customer', id, version: 1 }) as const;
const textOf = (stream: EventStream) => String(stream.read() ?? '');

it('says a change with the place where its reader stands then', () => {
  const stream = new EventStream(() => 'r.7.1');
  stream.change(change('a'));
  expect(textOf(stream)).toBe(
    'id: r.7.1\nevent: change\ndata: {"type":"updated","resource":"customer","id":"a","version":1}\n\n',
  );
});

it('leaves out the place while something is still to be told', () => {
  const stream = new EventStream(() => 'r.7.1');
  stream.retell(change('a'));
  expect(textOf(stream)).toMatch(/^event: change\n/);
});

it('keeps no more than its buffer for a slow reader, and tells him that he missed something', () => {
  const stream = new EventStream(() => 'r.7.1');
  for (let count = 0; count < 100_000; count++) stream.change(change(`${count}`));
  expect(stream.readableLength).toBeLessThan(70_000);

  let text = '';
  for (let piece = textOf(stream); piece !== ''; piece = textOf(stream)) text += piece;
  expect(text).toMatch(/event: reset\ndata: \{\}\n\n$/);
  stream.change(change('after'));
  expect(textOf(stream)).toContain('"id":"after"');
});

it('tells nothing to one who is held, and afterwards that he missed something', () => {
  const stream = new EventStream(() => 'r.7.1');
  stream.hold();
  stream.change(change('a'));
  expect(textOf(stream)).toBe('');
  stream.release();
  expect(textOf(stream)).toBe('id: r.7.1\nevent: reset\ndata: {}\n\n');
});
