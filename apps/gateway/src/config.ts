import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { Language } from '#contracts/common';
import { baseConfig } from '#platform/config';

export const gatewayConfig = z.object({
  ...baseConfig,
  PORT: z.coerce.number().int().min(0).max(65_535).default(3_000),
  HOST: z.string().default('0.0.0.0'),
  /** How many proxies of our own stand in front: whose word about the caller's address is taken. */
  TRUST_PROXY: z.coerce.number().int().min(0).max(10).default(0),
  /** How long it still answers when it is told to go, in ms: until whoever balances the load has seen that it isn't ready. */
  DRAIN_MS: z.coerce.number().int().min(0).max(60_000).default(5_000),
  /** Left out: the refresh cookie is `Secure` when the request came over https. */
  COOKIE_SECURE: z.stringbool().optional(),
  /** The built web app. */
  WEB_DIR: z.string().default(fileURLToPath(new URL('../../../web', import.meta.url))),
  /** Of messages to whoever asks for none of ours. */
  HFX_LANGUAGE: Language.default('zh-Hans'),
  /** Of an imported file, in bytes. */
  IMPORT_MAX_BYTES: z.coerce.number().int().positive().default(50_000_000),
});
export type GatewayConfig = z.output<typeof gatewayConfig>;
export const GATEWAY_CONFIG = Symbol('GATEWAY_CONFIG');
