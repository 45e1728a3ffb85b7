import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import type { Language } from '#contracts/common';
import { AppError, notFound } from '#contracts/errors';
import { PROBLEM_JSON, problemOf } from '../problems/problem.js';

/** What the hooks say with every other answer. */
const HEADERS = {
  'content-type': PROBLEM_JSON,
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** For a path that Fastify can't read: it refuses it before any hook has run. */
export function sendNotFound(reply: FastifyReply, language: Language, requestId: string): void {
  const { status, headers, body } = problemOf(notFound(), language);
  void reply
    .status(status)
    .headers({ ...headers, ...HEADERS, 'x-request-id': requestId })
    .send(JSON.stringify(body));
}

/**
 * For what isn't HTTP. Where the next request would begin can't be told, so the connection ends, and says so: whoever
 * sent it must not use it again.
 */
export function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket, language: Language): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const { headers, body } = problemOf(new AppError('invalid', 'malformed-request'), language);
  const text = JSON.stringify(body);
  const all = { ...headers, ...HEADERS, 'x-request-id': uuidv7(), 'content-length': Buffer.byteLength(text) };
  const lines = Object.entries({ ...all, connection: 'close' }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 400 Bad Request\r\n${lines.join('')}\r\n${text}`);
}

/** An expectation that nobody knows is not met, and no harm: otherwise Node answers, with nothing of ours. */
export function ignoreExpectations(server: Server): void {
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) =>
    server.emit('request', request, response),
  );
}
