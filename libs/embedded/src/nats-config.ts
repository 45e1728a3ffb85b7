import { permissionsFor } from '#messaging/permissions';
import { SERVICES, type ServiceName } from '#contracts/rpc';

/** `ops` is for maintenance commands that a person runs; no service ever gets it. */
export const NATS_USERS = [...SERVICES, 'ops'] as const;
export type NatsUser = (typeof NATS_USERS)[number];
export type NatsPasswords = Record<NatsUser, string>;

export interface NatsConfigOptions {
  port: number;
  storeDir: string;
  passwords: NatsPasswords;
  serverName?: string;
  host?: string;
  /** Where the server tells its health and figures, `host:port`; nowhere unless given. */
  monitoring?: string;
  /** false: don't force each message to disk (tests). */
  durable?: boolean;
}

/** The server's configuration. JSON is valid in NATS's own format, and quotes every password rightly. */
export function natsConfig(options: NatsConfigOptions): string {
  const { port, storeDir, passwords, serverName = 'hongfuxing', host = '127.0.0.1', durable = true } = options;
  const { monitoring } = options;
  const config = {
    server_name: serverName,
    listen: `${host}:${port}`,
    ...(monitoring ? { http: monitoring } : {}),
    max_payload: 2 * 1024 * 1024,
    // A service that is frozen or cut off without a goodbye gets no more requests after 15 seconds.
    ping_interval: '5s',
    ping_max: 2,
    // A service that is told to go is given the time to finish what it has in hand.
    lame_duck_duration: '30s',
    lame_duck_grace_period: '2s',
    jetstream: {
      store_dir: storeDir,
      max_memory_store: 64 * 1024 * 1024,
      // An acknowledged message is on disk: JetStream holds the only copy of work that is queued.
      sync_interval: durable ? 'always' : '2m',
    },
    // With users and no `no_auth_user`, nobody gets in without a password.
    authorization: natsAuthorization(passwords),
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** Who may connect, and what each may publish and subscribe. */
export function natsAuthorization(passwords: NatsPasswords) {
  return {
    timeout: 5,
    users: NATS_USERS.map((user) => ({
      user,
      password: passwords[user],
      permissions: user === 'ops' ? { publish: '>', subscribe: '>' } : servicePermissions(user),
    })),
  };
}

function servicePermissions(service: ServiceName) {
  const { publish, subscribe } = permissionsFor(service);
  return {
    publish: { allow: publish.allow },
    subscribe: { allow: subscribe.allow },
    // An answer goes to the asker's inbox, which the answering service may not publish to otherwise.
    allow_responses: { max: 1, expires: '1m' },
  };
}
