import type { Language } from '#contracts/common';
import { AppError, ERROR_STATUS, notFound, type ErrorKind } from '#contracts/errors';
import { MESSAGES } from './messages.js';
import { asAppError } from './problem.filter.js';
import { problemOf } from './problem.js';

it('is a problem document with what the error tells beside it [A2]', () => {
  const error = new AppError('conflict', 'possible-duplicate', { matches: [{ name: '中兴' }], total: 1 });
  expect(problemOf(error, 'zh-Hant')).toEqual({
    status: 409,
    headers: { 'content-language': 'zh-Hant', vary: 'Accept-Language' },
    body: {
      type: 'urn:hongfuxing:problem:possible-duplicate',
      title: '可能與現有客戶重複',
      status: 409,
      matches: [{ name: '中兴' }],
      total: 1,
    },
  });
});

it('tells when to come again in a header', () => {
  const error = new AppError('too-many-requests', 'too-many-attempts', { retryAfter: 12.3 });
  const { status, headers, body } = problemOf(error, 'en');
  expect(status).toBe(429);
  expect(headers['retry-after']).toBe('13');
  expect(body).not.toHaveProperty('retryAfter');
  expect(problemOf(new AppError('unavailable', 'no-responders'), 'en').headers['retry-after']).toBe('1');
});

it('tells nothing of what went wrong inside', () => {
  const error = new AppError('internal', 'malformed-reply', { subject: 'rpc.auth.me.get' });
  expect(problemOf(error, 'en').body).toEqual({
    type: 'urn:hongfuxing:problem:internal',
    title: 'Something went wrong on our side',
    status: 500,
  });
});

it('asks for a sign-in with 401', () => {
  expect(problemOf(new AppError('unauthenticated', 'token-missing'), 'en').headers['www-authenticate']).toBe('Bearer');
});

it('points into the request as the caller sent it', () => {
  const error = (pointer: string) =>
    new AppError('invalid', 'validation', { errors: [{ pointer, code: 'x', message: '' }] });
  const pointer = (sent: string, method: string) =>
    (problemOf(error(sent), 'en', method).body['errors'] as { pointer: string }[])[0]?.pointer;
  expect(pointer('/patch/name', 'PATCH')).toBe('/name');
  expect(pointer('/payment', 'POST')).toBe('');
  expect(pointer('/patchwork', 'POST')).toBe('/patchwork');
  expect(pointer('/ownerId', 'GET')).toBe('?ownerId');
  expect(pointer('?cursor', 'GET')).toBe('?cursor');
});

it('says what is wrong with a field in the language of the caller', () => {
  const errors = ['required', 'code-taken', 'never-heard-of'].map((code) => ({ pointer: '/x', code, message: 'Own' }));
  const said = (language: Language) =>
    (problemOf(new AppError('invalid', 'validation', { errors }), language).body['errors'] as typeof errors).map(
      ({ message }) => message,
    );
  expect(said('en')).toEqual(['Own', 'Own', 'Own']);
  expect(said('zh-Hans')).toEqual(['必填', MESSAGES['zh-Hans']['code-taken'], 'Own']);
});

it('says something for a slug that it does not know', () => {
  expect(problemOf(new AppError('conflict', 'never-heard-of'), 'en').body['title']).toBe(
    'This conflicts with what is there',
  );
});

it.each([
  [413, 'too-large', 'body-too-large'],
  [415, 'unsupported-media-type', 'unsupported-media-type'],
  [400, 'invalid', 'malformed-request'],
  [431, 'invalid', 'malformed-request'],
  [404, 'not-found', 'not-found'],
  [500, 'internal', 'internal'],
])("knows the web server's own %s", (statusCode, kind, slug) => {
  expect(asAppError(Object.assign(new Error(), { statusCode }))).toMatchObject({ kind, slug });
});

it('takes anything else for internal', () => {
  expect(asAppError(new TypeError('secret'))).toMatchObject({ kind: 'internal', slug: 'internal', details: {} });
  expect(asAppError(undefined)).toMatchObject({ kind: 'internal' });
  expect(asAppError(notFound())).toEqual(notFound());
});

it('has a status for each kind [A7]', () => {
  for (const [kind, status] of Object.entries(ERROR_STATUS)) {
    expect(problemOf(new AppError(kind as ErrorKind, kind), 'en')).toMatchObject({ status, body: { status } });
  }
});
