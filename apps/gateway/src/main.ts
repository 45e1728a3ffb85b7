import 'reflect-metadata';
import { loadConfig } from '#platform/config';
import { gatewayConfig } from './config.js';
import { GatewayModule } from './gateway.module.js';
import { serve } from './serve.js';

const config = loadConfig(gatewayConfig);
await serve(GatewayModule.forRoot(config), config);
