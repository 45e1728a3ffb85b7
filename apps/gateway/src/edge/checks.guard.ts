import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { can, relationAllows } from '#access/permissions';
import { resolveAccess } from '#contracts/access';
import { API_TOKEN } from '#contracts/api-tokens';
import { Empty } from '#contracts/common';
import type { Actor } from '#contracts/context';
import { AppError, forbidden, notFound } from '#contracts/errors';
import { Bus } from '#messaging/bus';
import { TokenVerifier } from '#platform/tokens';
import { ApiTokens } from './api-tokens.js';
import type { Caller } from './caller.js';
import { parseIdempotencyKey, parseIfMatch } from './preconditions.js';
import { ROUTE, type RouteOptions } from './route.js';
import { Sessions } from './sessions.js';
import { bodyFaults, parseJson, queryFaults } from './shape.js';

const ACCESS_TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const NO_QUERY = z.strictObject({});

/** Everything that is judged before a request goes on to a service, in the order that callers can rely on. */
@Injectable()
export class Checks implements CanActivate {
  constructor(
    private readonly verifier: TokenVerifier,
    private readonly sessions: Sessions,
    private readonly apiTokens: ApiTokens,
    private readonly bus: Bus,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const route = Reflect.getMetadata(ROUTE, context.getHandler()) as RouteOptions;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { caller } = request;
    if (route.access !== 'public') {
      const actor = await this.authenticate(request, caller);
      permit(actor, route);
    }
    const params = request.params as Record<string, string>;
    identify(params);
    if (route.relation && !route.judgedInAnswer) await this.relate(params, route, caller);
    shape(request, route);
    precondition(request, caller);
    return true;
  }

  /** 401. Errors: `unauthenticated/…`; `too-many-requests/…` for guesses; `unavailable/…` when nobody can tell. */
  private async authenticate({ headers }: FastifyRequest, caller: Caller): Promise<Actor> {
    const sent = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
    const isApiToken = API_TOKEN.test(sent);
    // The same as for a token that is not good: nobody is told what is wrong with his.
    if (!isApiToken && !ACCESS_TOKEN.test(sent)) throw new AppError('unauthenticated', 'invalid-token');
    const token = isApiToken ? await this.apiTokens.exchange(sent, caller) : sent;
    const actor = await this.verifier.verify(token);
    await this.sessions.check(actor, caller.deadline);
    caller.actor = actor;
    caller.token = token;
    return actor;
  }

  /** 404 for a customer that the actor may not see, 403 for what he may not do with one that he sees. */
  private async relate(
    params: Record<string, string>,
    { relation, customerOf }: RouteOptions,
    caller: Caller,
  ): Promise<void> {
    const owned = customerOf && (await this.bus.request(customerOf, params, caller));
    const customerId = owned?.customerId ?? params['customerId'] ?? '';
    const grant = await this.bus.request(resolveAccess, { customerId }, caller);
    if (relation && !relationAllows(grant, relation)) throw forbidden('relation-forbids');
    caller.grant = grant;
  }
}

/** 403. */
function permit(actor: Actor, { access, beforePasswordChange }: RouteOptions): void {
  if (actor.mustChangePassword && !beforePasswordChange) throw forbidden('password-change-required');
  if (access !== 'public' && !can(actor, access)) throw forbidden();
}

/** 404: no such thing has an id that isn't one. */
function identify(params: Record<string, string>): void {
  const ids = Object.entries(params).filter(([name]) => name.endsWith('Id'));
  if (ids.some(([, id]) => !z.uuid().safeParse(id).success)) throw notFound();
}

/** 415 and 400. The body's bytes become JSON here, after the checks that need none of it. */
function shape(request: FastifyRequest, { body = Empty, query = NO_QUERY, file }: RouteOptions): void {
  const isJson = !request.isMultipart() && (request.body === undefined || Buffer.isBuffer(request.body));
  if (file === undefined ? !isJson : !request.isMultipart()) {
    throw new AppError('unsupported-media-type', 'unsupported-media-type');
  }
  const faults = queryFaults(query, request.query as Record<string, unknown>);
  if (file === undefined) {
    const value = parseJson(request.body as Buffer | undefined);
    faults.push(...bodyFaults(body, value));
    request.body = value;
  }
  if (faults.length > 0) throw new AppError('invalid', 'validation', { errors: faults });
  request.caller.idempotencyKey = parseIdempotencyKey(request.headers['idempotency-key']);
}

/** 428: what is changed or deleted must be named as the caller has seen it. */
function precondition({ headers, method }: FastifyRequest, caller: Caller): void {
  caller.ifMatch = parseIfMatch(headers['if-match']);
  if (caller.ifMatch === undefined && (method === 'PATCH' || method === 'DELETE')) {
    throw new AppError('precondition-required', 'precondition-required');
  }
}
