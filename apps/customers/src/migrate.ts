import { z } from 'zod';
import { databaseConfig, loadConfig } from '#platform/config';
import { migrate } from '#platform/migrate';
import { options } from './data-source.js';

await migrate(options(loadConfig(z.object(databaseConfig))));
