import { Kept } from './kept.js';
import type { Change } from './tidings.js';

const clock = { now: 1_000_000 };
const kept = (replica = 'a') => new Kept(replica, () => clock.now);
const change = (id: string): Change => ({
  type: 'updated',
  resource: 'product',
  id,
  version: 1,
  permission: 'products.read',
});
const ids = (tidings: object[] | undefined) => tidings?.map((one) => (one as Change).id);

it('gives what came after a place of its own', () => {
  const a = kept();
  a.add(change('1'));
  const { place } = a;
  expect(ids(a.after(place))).toEqual([]);
  a.add(change('2'));
  expect(ids(a.after(place))).toEqual(['2']);
});

it("gives what came after another replica's place by its time, and a little of what came before", () => {
  const [a, b] = [kept('a'), kept('b')];
  clock.now += 60_000;
  b.add(change('long before'));
  clock.now += 60_000;
  b.add(change('just before'));
  const { place } = a;
  clock.now += 1_000;
  b.add(change('after'));
  expect(ids(b.after(place))).toEqual(['just before', 'after']);
});

it('knows no place from before it was there, of what it has thrown out, or since which it missed something', () => {
  const early = kept('a').place;
  clock.now += 1_000;
  const b = kept('b');
  expect(b.after(early)).toBeUndefined();

  clock.now += 60_000;
  const { place } = b;
  b.forget();
  expect(b.after(place)).toBeUndefined();

  clock.now += 60_000;
  const later = b.place;
  for (let count = 0; count < 30_000; count++) {
    clock.now += 1;
    b.add(change(`${count}`));
  }
  expect(b.after(later)).toBeUndefined();
  expect(b.after(b.place)).toEqual([]);
});

it.each(['', 'x', 'b.1', 'b.999999.1', 'b.-1.0', `b.1.${Number.MAX_SAFE_INTEGER}`])('knows no place %j', (place) => {
  expect(kept('b').after(place)).toBeUndefined();
});
