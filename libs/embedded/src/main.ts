import { supervise } from './supervisor.js';

process.exit(await supervise());
