import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError, notFound, type ErrorKind } from '#contracts/errors';
import { asker } from '../edge/caller.js';
import { methodsAt, type TableRow } from '../edge/route-table.js';
import { PROBLEM_JSON, problemOf } from './problem.js';

/** Turns whatever was thrown into a problem document. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('http');

  constructor(private readonly table: TableRow[]) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const unserved = thrown instanceof HttpException && thrown.getStatus() === 404;
    const methods = unserved ? methodsAt(this.table, request.url) : [];
    const error = methods.length > 0 ? new AppError('method-not-allowed', 'method-not-allowed') : asAppError(thrown);
    if (methods.length > 0) void reply.header('allow', methods.join(', '));
    if (error.kind === 'internal') this.log.error({ message: 'A request failed', ...traceOf(request), err: thrown });
    this.send(error, request, reply);
  }

  private send(error: AppError, request: FastifyRequest, reply: FastifyReply): void {
    const { language } = request.caller;
    // The answer has begun, so the connection can only be cut: a stream tells by that alone that it is not whole.
    if (reply.raw.headersSent) {
      this.log.warn({ message: 'An answer broke off', ...asker(request.caller), slug: error.slug });
      reply.raw.destroy();
      return;
    }
    const { status, headers, body } = problemOf(error, language, request.method);
    void reply.status(status).headers(headers).header('content-type', PROBLEM_JSON).send(JSON.stringify(body));
  }
}

const traceOf = ({ caller, method, url }: FastifyRequest) => ({
  ...asker(caller),
  method,
  path: url.split('?', 1)[0],
});

const SLUG_OF_STATUS: Partial<Record<number, [ErrorKind, string]>> = {
  400: ['invalid', 'malformed-request'],
  404: ['not-found', 'not-found'],
  406: ['unsupported-media-type', 'unsupported-media-type'],
  408: ['timeout', 'timed-out'],
  413: ['too-large', 'body-too-large'],
  415: ['unsupported-media-type', 'unsupported-media-type'],
  503: ['unavailable', 'unavailable'],
};

/** Ours as they are; those of Nest and Fastify by their status; anything else is internal. */
export function asAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const status =
    thrown instanceof HttpException ? thrown.getStatus() : (thrown as { statusCode?: unknown })?.statusCode;
  const known = typeof status === 'number' ? SLUG_OF_STATUS[status] : undefined;
  if (known?.[0] === 'not-found') return notFound();
  if (known) return new AppError(...known);
  if (typeof status === 'number' && status >= 400 && status < 500) return new AppError('invalid', 'malformed-request');
  return new AppError('internal', 'internal');
}
