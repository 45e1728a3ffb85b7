import { QueryFailedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { databaseFault } from './faults.js';

const failed = (code: string, message = 'no') =>
  new QueryFailedError('', [], Object.assign(new Error(message), { code }));

test.each([
  ['its connection was ended', failed('57P01'), 'unavailable'],
  ['it has no room for another connection', failed('53300'), 'unavailable'],
  ['it can’t be reached', Object.assign(new Error('no'), { code: 'ECONNREFUSED' }), 'unavailable'],
  ['no connection was free', new Error('timeout exceeded when trying to connect'), 'unavailable'],
  ['its connection was lost between two statements', new QueryRunnerProviderAlreadyReleasedError(), 'unavailable'],
  ['two transactions waited for each other', failed('40P01'), 'unavailable'],
  ['a statement took too long', failed('57014'), 'timeout'],
  ['a constraint forbids it', failed('23505'), undefined],
  ['the code is wrong', new TypeError('no'), undefined],
])('of the database, %s: a caller is told so', (_what, error, kind) => {
  expect(databaseFault(error)?.kind).toBe(kind);
});
