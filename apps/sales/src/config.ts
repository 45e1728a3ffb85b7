import { z } from 'zod';
import { baseConfig, databaseConfig } from '#platform/config';

export const salesConfig = z.object({ ...baseConfig, ...databaseConfig });
export type SalesConfig = z.output<typeof salesConfig>;
