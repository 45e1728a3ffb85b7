import { z } from 'zod';
import { baseConfig, databaseConfig } from '#platform/config';

export const CustomersConfig = z.object({ ...baseConfig, ...databaseConfig });
export type CustomersConfig = z.output<typeof CustomersConfig>;
