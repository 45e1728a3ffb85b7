import { z } from 'zod';
import { Currency } from '#contracts/settings';
import { baseConfig, databaseConfig } from '#platform/config';

export const AUTH_CONFIG = Symbol('AUTH_CONFIG');

/** What the signing keys are sealed with, and the refresh tokens' successors are derived from. */
export const AuthSecret = z.string().min(32, 'At least 32 random characters');

export const authConfig = z.object({
  ...baseConfig,
  ...databaseConfig,
  AUTH_KEY_SECRET: AuthSecret,
  /** Until the organisation's settings say otherwise. */
  HFX_CURRENCY: Currency.default('CNY'),
});
export type AuthConfig = z.output<typeof authConfig>;
