import { headers, type Msg, type MsgHdrs } from '@nats-io/transport-node';
import { Grant, HEADER, type Actor } from '#contracts/context';
import type { Doer } from '#contracts/event';
import { AppError } from '#contracts/errors';
import type { ServiceName } from '#contracts/rpc';
import { inboxPrefix } from './permissions.js';

/** What goes with a request beside its input. */
export interface OutgoingCall {
  token?: string;
  grant?: Grant;
  idempotencyKey?: string;
  ifMatch?: number | '*';
  language?: string;
  requestId?: string;
  traceparent?: string;
  /** Epoch ms by which the whole story must be over; the rpc's own timeout counts as well. */
  deadline?: number;
  /** Epoch ms at which work began that goes on for longer than a token lives: the token is judged as of then. */
  begun?: number;
}

/** What a handler of `svc.*` or of an anonymous `rpc.*` learns about the call. */
export interface AnonymousCall {
  /** The subject that it came on. */
  subject: string;
  /** Who sent it: the gateway for `rpc.*`, the calling service for `svc.*`. NATS's permissions vouch for it. */
  caller: ServiceName;
  requestId: string;
  traceparent?: string;
  language?: string;
  idempotencyKey?: string;
  ifMatch?: number | '*';
  grant?: Grant;
  /** Epoch ms after which nobody waits for the answer any more. */
  deadline?: number;
}

/** A call by a user whose token this service has verified itself. */
export interface Call extends AnonymousCall {
  actor: Actor;
  token: string;
}

/** Who does it, as events and logs record it: the actor, and under a delegation the owner whom he acts for. */
export function doerOf({ actor, grant }: Pick<Call, 'actor' | 'grant'>): Doer {
  if (!grant?.delegationId) return { userId: actor.userId };
  return { userId: actor.userId, forUserId: grant.ownerId, delegationId: grant.delegationId };
}

/** What a handler hands on when it asks another service on the way: the trace and the time left, never the token. */
export function onwardOf({ requestId, traceparent, language, deadline }: AnonymousCall): OutgoingCall {
  return { requestId, traceparent, language, deadline };
}

export function writeCall(call: OutgoingCall, deadline: number): MsgHdrs {
  const written = headers();
  const put = (name: string, value: string | undefined) => {
    if (value !== undefined) written.set(name, value);
  };
  put(HEADER.deadline, String(deadline));
  put(HEADER.begun, call.begun?.toString());
  put(HEADER.token, call.token);
  put(HEADER.grant, call.grant && JSON.stringify(call.grant));
  put(HEADER.requestId, call.requestId);
  put(HEADER.idempotencyKey, call.idempotencyKey);
  put(HEADER.ifMatch, call.ifMatch?.toString());
  put(HEADER.language, call.language);
  put(HEADER.trace, call.traceparent);
  return written;
}

/** Reads what came with a message. Errors: `invalid/malformed-call`. */
export function readCall({ subject, headers: sent }: Msg): AnonymousCall & { token?: string; begun?: number } {
  const get = (name: string) => sent?.get(name) || undefined;
  return {
    subject,
    caller: callerOf(subject),
    requestId: get(HEADER.requestId) ?? crypto.randomUUID(),
    traceparent: get(HEADER.trace),
    language: get(HEADER.language),
    idempotencyKey: get(HEADER.idempotencyKey),
    ifMatch: readIfMatch(get(HEADER.ifMatch)),
    grant: readGrant(get(HEADER.grant)),
    deadline: readWhole(get(HEADER.deadline)),
    begun: readWhole(get(HEADER.begun)),
    token: get(HEADER.token),
  };
}

/**
 * Whether the answer goes to the inbox of whoever may ask this. An answer goes wherever `reply` says, past our own
 * permissions; and JetStream delivers a message to any subject that its consumer names, with its own idea of a reply.
 */
export function isAsked({ subject, reply = '' }: Pick<Msg, 'subject' | 'reply'>): boolean {
  return reply.startsWith(`${inboxPrefix(callerOf(subject))}.`);
}

function callerOf(subject: string): ServiceName {
  const [kind, caller] = subject.split('.');
  return (kind === 'svc' ? caller : 'gateway') as ServiceName;
}

const readIfMatch = (sent: string | undefined): number | '*' | undefined => (sent === '*' ? sent : readWhole(sent));

function readWhole(sent: string | undefined): number | undefined {
  if (sent === undefined) return undefined;
  const number = Number(sent);
  if (!Number.isSafeInteger(number)) throw new AppError('invalid', 'malformed-call');
  return number;
}

function readGrant(sent: string | undefined): Grant | undefined {
  if (sent === undefined) return undefined;
  try {
    return Grant.parse(JSON.parse(sent));
  } catch {
    throw new AppError('invalid', 'malformed-call');
  }
}
