import { Logger } from '@nestjs/common';
import { QueryFailedError } from 'typeorm';
import { createLogger, NestLogger } from './logging.js';
import { requestContext } from './request-context.js';

let lines: string[];
let logger: NestLogger;
beforeEach(() => {
  lines = [];
  logger = new NestLogger(createLogger('customers', 'debug', { write: (line) => void lines.push(line) }));
});

const last = () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown>;

test('a line is one JSON object that names its service and where it was written', () => {
  logger.warn('starting again', 'Relay');
  expect(last()).toMatchObject({ level: 40, service: 'customers', context: 'Relay', msg: 'starting again' });
  expect(lines).toHaveLength(1);
});

test('a line that is written while a request is answered tells its ids, who asks and whom he acts for', () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const doer = { userId: 'u1', forUserId: 'u2', delegationId: 'd1' };
  requestContext.run({ requestId: 'r1', traceparent, doer }, () => logger.log('done'));
  expect(last()).toMatchObject({
    requestId: 'r1',
    traceId: '0af7651916cd43dd8448eb211c80319c',
    actorId: 'u1',
    forUserId: 'u2',
  });
  logger.log('done');
  expect(last()).not.toHaveProperty('requestId');
});

test('secrets and persons are blanked by their names, however deep they lie', () => {
  const customer = { id: 'c1', name: '中興通訊', contacts: [{ mobile: '13800138000', note: '老王' }] };
  logger.error({
    message: 'failed',
    call: { headers: { authorization: 'Bearer x' }, input: { customer } },
    newPassword: 'p',
  });
  expect(last()).toMatchObject({
    call: {
      headers: { authorization: '[redacted]' },
      input: { customer: { id: 'c1', name: '[redacted]', contacts: [{ mobile: '[redacted]', note: '[redacted]' }] } },
    },
    newPassword: '[redacted]',
  });
});

test.each([
  ['connect to postgres://crm:geheim@db:5432/crm', 'connect to postgres://crm:[password]@db:5432/crm'],
  ['token eyJhbGciOi.eyJzdWIi.c2ln-x is old', 'token [token] is old'],
  ['no such mailbox: wang.wu@example.com', 'no such mailbox: [e-mail]'],
  ['called 13800138000 and 0755-26770000', 'called [phone] and [phone]'],
  ['Key (owner_id, name)=(7, 中興 (深圳)) already exists', 'Key (owner_id, name)=([value]) already exists'],
  // Ids and times stay.
  ['018f3c5a-1380-7138-8001-113800138000 took 13800 ms', '018f3c5a-1380-7138-8001-113800138000 took 13800 ms'],
])('in running text: %s', (text, shown) => {
  logger.warn(text);
  expect(last()['msg']).toBe(shown);
});

test('an error is told with its stack and what caused it, but not with the values of the statement that failed', () => {
  const refused = Object.assign(new Error('duplicate key value'), {
    code: '23505',
    detail: 'Key (name)=(中興) exists',
  });
  const failed = new QueryFailedError('INSERT INTO customers VALUES ($1)', ['中興'], refused);
  logger.error({ message: 'failed', err: new Error('not saved', { cause: failed }) });
  expect(last()).toMatchObject({
    err: { type: 'Error', message: 'not saved', cause: { type: 'QueryFailedError', code: '23505' } },
  });
  expect((last()['err'] as { stack: string }).stack).toContain('logging.spec');
  expect(lines.join()).not.toContain('中興');
});

test("what Nest's own loggers write goes the same way", () => {
  Logger.overrideLogger(logger);
  new Logger('sessions').error(new Error('password is geheim for wang@example.com'), 'sign-in');
  expect(last()).toMatchObject({ level: 50, context: 'sessions', msg: 'password is geheim for [e-mail]' });
  Logger.overrideLogger(false);
});
