import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { SERVICES } from '#contracts/rpc';
import { ensureStream, streamsOf } from './streams.js';

export interface ProvideStreamsOptions {
  servers: string | string[];
  /** A credential that no service has. */
  user?: string;
  pass?: string;
  replicas?: number;
}

/**
 * Makes the streams of all services, or brings them in line. It belongs to setting a server up, as a migration to a
 * database: again after its store was lost, and as often as one likes.
 * Errors: wrong credentials; a difference that the server doesn't let us mend, each field named.
 */
export async function provideStreams({ replicas, ...options }: ProvideStreamsOptions): Promise<void> {
  const nc = await connect({ ...options, name: 'provide streams', reconnect: false, timeout: 5_000 });
  try {
    const jsm = await jetstreamManager(nc, { checkAPI: false });
    for (const service of SERVICES) for (const spec of streamsOf(service, replicas)) await ensureStream(jsm, spec);
  } finally {
    await nc.close();
  }
}
