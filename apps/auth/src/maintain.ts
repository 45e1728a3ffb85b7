/** Command: `republish`, or `replay <consumer>`. */
import { loadConfig } from '#platform/config';
import { maintain } from '#platform/maintenance';
import { AuthModule } from './auth.module.js';
import { authConfig } from './config.js';

const config = loadConfig(authConfig);
process.stdout.write(`${await maintain(AuthModule.forRoot(config), config)}\n`);
process.exit(0);
