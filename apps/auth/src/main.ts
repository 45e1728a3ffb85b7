import { loadConfig } from '#platform/config';
import { startService } from '#platform/service';
import { AuthModule } from './auth.module.js';
import { authConfig } from './config.js';

const config = loadConfig(authConfig);
await startService(AuthModule.forRoot(config), config);
