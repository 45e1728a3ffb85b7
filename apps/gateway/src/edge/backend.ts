import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { resolveScope } from '#contracts/access';
import type { Scope } from '#contracts/context';
import type { Rpc } from '#contracts/rpc';
import { Bus } from '#messaging/bus';
import type { Caller } from './caller.js';

/** A service's answer on its way through: JSON bytes that nobody here reads. */
export class Answer {
  constructor(
    readonly body: Uint8Array,
    /** Of the one thing that it shows, if it has one. */
    readonly version?: string,
  ) {}
}

/** The services behind the gateway. */
@Injectable()
export class Backend {
  constructor(private readonly bus: Bus) {}

  /** Passes a question on, and the answer's bytes back. */
  async pass<I extends z.ZodType>(rpc: Rpc<I>, input: z.input<I>, caller: Caller): Promise<Answer> {
    const { body, version } = await this.bus.requestRaw(rpc, input, caller);
    return new Answer(body, version);
  }

  /** The same for a list or a sum over a projection: it is told what the caller may see, as of now. */
  async passScoped<I extends z.ZodType<unknown, { scope: Scope }>>(
    rpc: Rpc<I>,
    input: Omit<z.input<I>, 'scope'>,
    caller: Caller,
  ): Promise<Answer> {
    return this.pass(rpc, await this.scoped(input, caller), caller);
  }

  /** For such an answer that the gateway itself must read. */
  async askScoped<I extends z.ZodType<unknown, { scope: Scope }>, O extends z.ZodType>(
    rpc: Rpc<I, O>,
    input: Omit<z.input<I>, 'scope'>,
    caller: Caller,
  ): Promise<z.output<O>> {
    return this.ask(rpc, await this.scoped(input, caller), caller);
  }

  /** For an answer that the gateway itself must read. */
  ask<I extends z.ZodType, O extends z.ZodType>(rpc: Rpc<I, O>, input: z.input<I>, caller: Caller) {
    return this.bus.request(rpc, input, caller);
  }

  /** With the scope; of one team, where the question names it. */
  private async scoped<T extends { scope: Scope }>(input: Omit<T, 'scope'>, caller: Caller): Promise<T> {
    const { teamId } = input as { teamId?: string };
    const { scope } = await this.bus.request(resolveScope, { teamId }, caller);
    return { ...input, scope } as T;
  }
}
