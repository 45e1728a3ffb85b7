import { loadConfig } from '#platform/config';
import { startService } from '#platform/service';
import { salesConfig } from './config.js';
import { SalesModule } from './sales.module.js';

const config = loadConfig(salesConfig);
await startService(SalesModule.forRoot(config), config);
