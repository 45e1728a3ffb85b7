import { z } from 'zod';

export const ROLES = ['salesperson', 'manager', 'finance', 'administrator'] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

/** The claims of an access token: who asks. */
export const Actor = z.object({
  userId: z.uuid(),
  username: z.string(),
  role: Role,
  sessionId: z.uuid(),
  /** Set while the password must be changed first: only that route is open then. */
  mustChangePassword: z.boolean().optional(),
  /** Set for an API token: no more than these, whatever the role allows. */
  permissions: z.array(z.string()).optional(),
});
export type Actor = z.infer<typeof Actor>;

/** Why an actor may touch a customer. */
export const VIA = ['owner', 'delegate', 'manager', 'finance', 'admin'] as const;

export type Via = (typeof VIA)[number];

/** The customers service's answer for one actor and one customer, as of the moment of the question. */
export const Grant = z.object({
  customerId: z.uuid(),
  ownerId: z.uuid(),
  via: z.enum(VIA),
  /** Of a delegate, and of a manager who is one besides. */
  delegationId: z.uuid().optional(),
});
export type Grant = z.infer<typeof Grant>;

/**
 * What an actor may see in lists and sums: everything, or these owners' customers and these single customers. A reader
 * must have each of the named owners' changes up to that version; who sees everything names the sum of all versions.
 */
export const Scope = z.union([
  z.object({ all: z.literal(true), accessVersion: z.number().int() }),
  z.object({
    all: z.literal(false),
    owners: z.array(z.object({ id: z.uuid(), accessVersion: z.number().int() })),
    customerIds: z.array(z.uuid()),
  }),
]);
export type Scope = z.infer<typeof Scope>;

/** Header names of a bus message. */
export const HEADER = {
  token: 'Hfx-Token',
  grant: 'Hfx-Grant',
  deadline: 'Hfx-Deadline',
  begun: 'Hfx-Begun',
  requestId: 'Hfx-Request-Id',
  idempotencyKey: 'Hfx-Idempotency-Key',
  ifMatch: 'Hfx-If-Match',
  language: 'Hfx-Language',
  error: 'Hfx-Error',
  version: 'Hfx-Version',
  trace: 'traceparent',
} as const;
