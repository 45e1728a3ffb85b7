import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { ServiceName } from '#contracts/rpc';
import { linkOf } from './link.js';
import { inboxPrefix } from './permissions.js';

/** Older servers lose acknowledged messages in a crash and ignore newer settings in silence. */
const MINIMUM = [2, 12] as const;

export interface BusConnectionOptions {
  /** `nats://host:port`, or several of one cluster. */
  servers: string | string[];
  user: string;
  pass: string;
  service: ServiceName;
}

/**
 * Connects a service to NATS, waiting for a server that isn't up yet, and stays with it through outages of any length.
 * Errors: wrong credentials; a server older than 2.12.
 */
export async function connectBus({ servers, user, pass, service }: BusConnectionOptions): Promise<NatsConnection> {
  const nc = await connect({
    servers,
    user,
    pass,
    name: service,
    inboxPrefix: inboxPrefix(service),
    waitOnFirstConnect: true,
    maxReconnectAttempts: -1,
    // A stack trace taken for each request, in case that it fails, costs more than the request.
    noAsyncTraces: true,
    reconnectTimeWait: 250,
    reconnectJitter: 250,
    timeout: 5_000,
    // A connection that is cut without a goodbye is noticed within 6 seconds.
    pingInterval: 2_000,
    maxPingOut: 2,
  });
  const version = nc.info?.version ?? '';
  if (!suffices(version)) {
    await nc.close();
    const needed = MINIMUM.join('.');
    throw new Error(
      `The NATS server at ${String(servers)} is version ${version || 'unknown'}; ${needed} or newer is needed`,
    );
  }
  linkOf(nc);
  return nc;
}

/** Whether a server's version (`2.12.1`, `2.14.0-RC.2`) is at least the minimum. */
export function suffices(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1]);
}

/** Finishes what is under way and closes. A server that is away can't hold it up for longer than `within` ms. */
export async function closeBus(nc: NatsConnection, within = 3_000): Promise<void> {
  if (nc.isClosed()) return;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, within)));
  // Draining fails while the server is away: there is nothing left to finish then.
  await Promise.race([nc.drain().catch(() => undefined), late]);
  clearTimeout(timer);
  await nc.close();
}
