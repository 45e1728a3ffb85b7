/** Command: `republish`, or `replay <consumer>`. */
import { loadConfig } from '#platform/config';
import { maintain } from '#platform/maintenance';
import { BillingModule } from './billing.module.js';
import { billingConfig } from './config.js';

const config = loadConfig(billingConfig);
process.stdout.write(`${await maintain(BillingModule.forRoot(config), config)}\n`);
process.exit(0);
