import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { baseConfig, databaseConfig } from '#platform/config';

export const BILLING_CONFIG = Symbol('BILLING_CONFIG');

export const billingConfig = z.object({
  ...baseConfig,
  ...databaseConfig,
  /** `api` answers requests; `worker` runs projections, jobs and the schedule, so that reminder processing scales apart. */
  BILLING_ROLE: z.enum(['api', 'worker', 'both']).default('both'),
  /** ISO 4217; there is one in the organisation. */
  HFX_CURRENCY: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('CNY'),
  /** Where the application is found in a browser: what mails link to. */
  PUBLIC_URL: z.url().default('http://localhost:3000'),
  /** `smtp://user:password@host:587`, `smtps://…`. Left out: mail is written into a folder. */
  SMTP_URL: z.string().min(1).optional(),
  /** How long a mail server may take to be reached, and to greet; thrice that for each of its answers. */
  SMTP_TIMEOUT_MS: z.coerce.number().int().positive().max(10_000).default(10_000),
  MAIL_FROM: z.string().default('Hongfuxing CRM <crm@localhost>'),
  MAIL_DIR: z.string().default(join(tmpdir(), 'hongfuxing-mail')),
  MAIL_LANGUAGE: z.enum(['zh-Hans', 'zh-Hant', 'en']).default('zh-Hans'),
});
export type BillingConfig = z.output<typeof billingConfig>;
