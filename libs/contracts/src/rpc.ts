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
  /** Whether it is answered without an access token. */
  readonly anonymous: boolean;
}

interface Shapes<I extends z.ZodType, O extends z.ZodType> {
  input: I;
  output: O;
  timeout?: number;
}

/** Asked by the gateway alone. `name` is `<service>.<resource>.<verb>`. */
export function rpc<I extends z.ZodType, O extends z.ZodType>(
  name: `${Exclude<ServiceName, 'gateway'>}.${string}.${string}`,
  { input, output, timeout = 4_000, anonymous = false }: Shapes<I, O> & { anonymous?: boolean },
): Rpc<I, O> {
  return { subject: `rpc.${name}`, input, output, timeout, anonymous };
}

/** Asked by one service of another; only that caller's credential may publish it. It carries no token. */
export function svc<I extends z.ZodType, O extends z.ZodType>(
  name: `${ServiceName}.${Exclude<ServiceName, 'gateway'>}.${string}.${string}`,
  { input, output, timeout = 3_000 }: Shapes<I, O>,
): Rpc<I, O> {
  return { subject: `svc.${name}`, input, output, timeout, anonymous: true };
}

/** Asked by any service: handled under a wildcard, sent with `askedBy(the caller's name)`. */
export function anySvc<I extends z.ZodType, O extends z.ZodType>(
  name: `${Exclude<ServiceName, 'gateway'>}.${string}.${string}`,
  { input, output, timeout = 3_000 }: Shapes<I, O>,
): Rpc<I, O> & { askedBy(caller: ServiceName): Rpc<I, O> } {
  const shapes = { input, output, timeout, anonymous: true };
  return {
    ...shapes,
    subject: `svc.*.${name}`,
    askedBy: (caller) => ({ ...shapes, subject: `svc.${caller}.${name}` }),
  };
}
