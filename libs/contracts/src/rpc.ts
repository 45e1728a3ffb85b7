import type { z } from 'zod';

export const SERVICES = ['gateway', 'auth', 'customers', 'sales', 'billing'] as const;
/** The name of a service on the bus and of its schema; `billing` is the program `billing-reminders`. */
export type ServiceName = (typeof SERVICES)[number];

/** A question with one answer: who answers it is the subject's second part. */
export interface Rpc<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly subject: string;
  readonly input: I;
  readonly output: O;
  /** How long the caller waits, in ms. */
  readonly timeout: number;
}

/** Asked by the gateway alone. `name` is `<service>.<resource>.<verb>`. */
export function rpc<I extends z.ZodType, O extends z.ZodType>(
  name: `${Exclude<ServiceName, 'gateway'>}.${string}.${string}`,
  { input, output, timeout = 4_000 }: { input: I; output: O; timeout?: number },
): Rpc<I, O> {
  return { subject: `rpc.${name}`, input, output, timeout };
}

/** Asked by one service of another; only that caller's credential may publish it. */
export function svc<I extends z.ZodType, O extends z.ZodType>(
  name: `${ServiceName}.${Exclude<ServiceName, 'gateway'>}.${string}.${string}`,
  { input, output, timeout = 3_000 }: { input: I; output: O; timeout?: number },
): Rpc<I, O> {
  return { subject: `svc.${name}`, input, output, timeout };
}
