import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import { Logger, type DynamicModule, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SpanKind, SpanStatusCode, type Span } from '@opentelemetry/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import type { Language } from '#contracts/common';
import { wallClock } from '#messaging/clock';
import { beginSpan, traceparentOf } from '#messaging/tracing';
import { Metrics } from '#platform/metrics';
import type { GatewayConfig } from '../config.js';
import { serveWebApp } from '../web/web-app.js';
import { asker } from './caller.js';
import { negotiateLanguage } from './language.js';
import { parseTraceparent } from './preconditions.js';
import { ignoreExpectations, refuseUnreadable, sendNotFound } from './unrouted.js';

/** Every call is answered within 5 seconds; half a second is for the answer itself. */
const ANSWER_WITHIN_MS = 4_500;
const BODY_BYTES = 1_048_576;

/** The gateway, wired up and ready to listen. */
export async function createHttp(
  module: DynamicModule,
  config: GatewayConfig,
  logger: LoggerService | false,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_BYTES,
    trustProxy: config.TRUST_PROXY > 0 && ((_address: string, hop: number) => hop < config.TRUST_PROXY),
    // What still comes in on open connections while we drain is answered, with the word to come no more.
    return503OnClosing: false,
    // A path that can't be decoded, or with an over-long part, is one of the unknown ones.
    frameworkErrors: (_error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      const { language, requestId } = callerOf(request, config.HFX_LANGUAGE);
      sendNotFound(reply, language, requestId);
    },
    clientErrorHandler: (error, socket) => refuseUnreadable(error, socket, config.HFX_LANGUAGE),
  });
  const options = { logger, abortOnError: false, bodyParser: false };
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, options);
  takeBodiesAsBytes(app);
  await app.register(cookie);
  await app.register(helmet, securityHeaders(config));
  await app.register(multipart, {
    limits: { fileSize: config.IMPORT_MAX_BYTES, files: 2, fields: 5, fieldSize: 1_000 },
  });

  app.getHttpAdapter().getInstance().decorateRequest('caller');
  // Handed on by the caller: what reads a body loses the thread that a context would follow.
  const spans = new WeakMap<FastifyRequest, Span>();
  adapter.setOnRequestHook((request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    request.caller = callerOf(request, config.HFX_LANGUAGE);
    const span = beginSpan(request.method, { kind: SpanKind.SERVER, parent: request.caller.traceparent });
    spans.set(request, span);
    request.caller.traceparent = traceparentOf(span) ?? request.caller.traceparent;
    void reply.header('x-request-id', request.caller.requestId);
    if (request.url.startsWith('/api/')) void reply.header('cache-control', 'no-store');
    done();
  });
  const duration = app
    .get(Metrics)
    .histogram('http_request_duration_seconds', 'Requests answered', ['route', 'method', 'status']);
  adapter.setOnResponseHook((request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    const route = request.routeOptions.url ?? 'none';
    duration.observe({ route, method: request.method, status: reply.statusCode }, reply.elapsedTime / 1_000);
    endSpan(spans.get(request), `${request.method} ${route}`, reply.statusCode);
    logAnswer(request, route, reply);
    done();
  });
  ignoreExpectations(app.getHttpServer());
  serveWebApp(app, config.WEB_DIR);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}

function endSpan(span: Span | undefined, name: string, status: number): void {
  span?.updateName(name).setAttribute('http.response.status_code', status);
  if (status >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
  span?.end();
}

const log = new Logger('http');

/** What changed something, and what failed by our fault; what was merely read is told at the level `debug`. */
function logAnswer(request: FastifyRequest, route: string, { statusCode: status, elapsedTime }: FastifyReply): void {
  const { method, caller } = request;
  const line = { message: 'answered', method, route, status, ms: Math.round(elapsedTime), ...asker(caller) };
  if (method === 'GET' && status < 500) log.debug(line);
  else log.log(line);
}

function callerOf({ headers, ip }: FastifyRequest, fallback: Language) {
  const sent = headers['x-request-id'];
  return {
    address: ip,
    language: negotiateLanguage(headers['accept-language'], fallback),
    requestId: typeof sent === 'string' && /^[\w.:-]{1,100}$/.test(sent) ? sent : uuidv7(),
    traceparent: parseTraceparent(headers['traceparent']),
    deadline: wallClock() + ANSWER_WITHIN_MS,
  };
}

/**
 * JSON is left as bytes until the caller has been judged: who isn't let in is not told that his body is malformed. Other
 * bodies aren't read at all; whoever finds one answers 415.
 */
function takeBodiesAsBytes(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  fastify.addContentTypeParser('*', (_request, _payload, done) => done(null, 'not read'));
}

function securityHeaders({ COOKIE_SECURE }: GatewayConfig) {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        // The web app's component library writes its styles into the page.
        styleSrc: ["'self'", "'unsafe-inline'"],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // Only of use, and only without harm, where we are known to be reached over https.
    strictTransportSecurity: COOKIE_SECURE === true,
  };
}
