/** Command: `republish`, or `replay <consumer>`. */
import { loadConfig } from '#platform/config';
import { maintain } from '#platform/maintenance';
import { SalesModule } from './sales.module.js';
import { salesConfig } from './config.js';

const config = loadConfig(salesConfig);
process.stdout.write(`${await maintain(SalesModule.forRoot(config), config)}\n`);
process.exit(0);
