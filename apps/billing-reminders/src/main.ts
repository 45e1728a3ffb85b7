import { loadConfig } from '#platform/config';
import { startService } from '#platform/service';
import { BillingModule } from './billing.module.js';
import { billingConfig } from './config.js';

const config = loadConfig(billingConfig);
await startService(BillingModule.forRoot(config), config, { listen: config.BILLING_ROLE !== 'worker' });
