/** Command: `republish`, or `replay <consumer>`. */
import { loadConfig } from '#platform/config';
import { maintain } from '#platform/maintenance';
import { CustomersModule } from './customers.module.js';
import { CustomersConfig } from './config.js';

const config = loadConfig(CustomersConfig);
process.stdout.write(`${await maintain(CustomersModule.forRoot(config), config)}\n`);
process.exit(0);
