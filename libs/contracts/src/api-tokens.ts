import { z } from 'zod';
import { Done, Id, Timestamp, line } from './common.js';
import { event } from './event.js';
import { rpc } from './rpc.js';

/** What a token looks like. Its 256 bits can't be guessed. */
export const API_TOKEN = /^hfx_[\w-]{43}$/;

const distinct = (list: readonly string[]) => new Set(list).size === list.length;

/** What a program signs in with: it may do what is in `permissions` and what its user's role allows. */
export const ApiToken = z.object({
  id: Id,
  name: z.string(),
  permissions: z.array(z.string()),
  expiresAt: Timestamp,
  /** To the minute. Left out: never yet. */
  lastUsedAt: Timestamp.optional(),
  createdAt: Timestamp,
  /** Its last letters, to tell it from the others. */
  hint: z.string(),
});
export type ApiToken = z.infer<typeof ApiToken>;
export const NewApiToken = z.strictObject({
  name: line(100),
  permissions: z.array(line(60)).min(1).max(100).refine(distinct, 'A permission twice'),
  /** Within a year. */
  expiresAt: Timestamp,
});
export const CreatedApiToken = ApiToken.extend({
  /** Shown this once. */
  token: z.string().regex(API_TOKEN),
});

/** One's own, the newest first. */
export const listApiTokens = rpc('auth.api-token.list', {
  input: z.strictObject({}),
  output: z.object({ items: z.array(ApiToken), nextCursor: z.null() }),
});
export const createApiToken = rpc('auth.api-token.create', { input: NewApiToken, output: CreatedApiToken });
export const revokeApiToken = rpc('auth.api-token.revoke', { input: z.strictObject({ tokenId: Id }), output: Done });

/**
 * Gives for an API token an access token that says the same: whose it is, and the few permissions. `address` is the
 * caller's, as the gateway sees it.
 */
export const exchangeApiToken = rpc('auth.api-token.exchange', {
  input: z.strictObject({ token: z.string().regex(API_TOKEN), address: z.string() }),
  output: z.object({ accessToken: z.string() }),
  anonymous: true,
  timeout: 1_500,
});

export const apiTokenChanged = event(
  'auth.api-token.changed',
  z.object({
    id: Id,
    userId: Id,
    name: z.string(),
    permissions: z.array(z.string()),
    expiresAt: Timestamp,
    action: z.enum(['created', 'revoked']),
  }),
);
