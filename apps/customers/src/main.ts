import { loadConfig } from '#platform/config';
import { startService } from '#platform/service';
import { CustomersConfig } from './config.js';
import { CustomersModule } from './customers.module.js';

const config = loadConfig(CustomersConfig);
await startService(CustomersModule.forRoot(config), config);
