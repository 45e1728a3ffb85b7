import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Language } from '#contracts/common';
import type { Actor } from '#contracts/context';
import type { OutgoingCall } from '#messaging/bus';
import { doerOf } from '#messaging/handles';
import { traceFields } from '#platform/request-context';

/** Who asks, under which right, and what goes along with his question to the services. */
export interface Caller extends OutgoingCall {
  /** Missing on public routes alone. */
  actor?: Actor;
  /** The network address, as far as it can be believed. */
  address: string;
  language: Language;
  requestId: string;
  deadline: number;
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller;
  }
}

/** The handler's parameter that holds who asks. */
export const From = createParamDecorator(
  (_: unknown, context: ExecutionContext): Caller => context.switchToHttp().getRequest<FastifyRequest>().caller,
);

/** For a log line: whose request it belongs to. */
export const asker = ({ requestId, traceparent, actor, grant }: Caller) =>
  traceFields({ requestId, traceparent, doer: actor && doerOf({ actor, grant }) });
