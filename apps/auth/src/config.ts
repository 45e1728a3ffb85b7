import { z } from 'zod';
import { baseConfig, databaseConfig } from '#platform/config';

/** What the signing keys are sealed with, and the refresh tokens' successors are derived from. */
export const AuthSecret = z.string().min(32, 'At least 32 random characters');

export const authConfig = z.object({
  ...baseConfig,
  ...databaseConfig,
  AUTH_KEY_SECRET: AuthSecret,
});
export type AuthConfig = z.output<typeof authConfig>;
