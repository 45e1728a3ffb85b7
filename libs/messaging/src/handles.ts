import { applyDecorators, Catch, UseFilters, type ExceptionFilter } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { throwError, type Observable } from 'rxjs';
import type { Rpc } from '#contracts/rpc';
import type { Call as UserCall } from './calls.js';

export { doerOf, onwardOf, type AnonymousCall } from './calls.js';

/** Nest's own filter would replace every error by "Internal server error"; the bus server maps them itself. */
@Catch()
class PassOn implements ExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/** Marks the controller's method that answers a contract's request. */
export const Handles = (rpc: Rpc): MethodDecorator =>
  applyDecorators(MessagePattern(rpc.subject, { rpc }), UseFilters(new PassOn()));

/** The request's input, parsed by the contract. */
export const Input = (): ParameterDecorator => Payload();

/** Who asks and under which right: a `Call`, or an `AnonymousCall` where the contract needs no token. */
export const Call = (): ParameterDecorator => Ctx();
export type Call = UserCall;
