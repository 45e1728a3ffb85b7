/**
 * The command that sets up a NATS server of one's own, as a migration does a database: it makes the streams of all
 * services. Run it before the services are deployed, and again should the server's store be lost.
 */
import { provideStreams } from '#messaging/provide-streams';
import { externalNats, streamsProvider } from './environment.js';

const access = externalNats(process.env);
if (!access) throw new Error('NATS_URL is missing');
await provideStreams(streamsProvider(access, process.env));
