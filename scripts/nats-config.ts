/**
 * `npm run nats-config`: writes who may publish and subscribe what, as the contracts have it, into the manifests. With
 * `--check` it only tells whether they are in step. Passwords stay out: the server reads them from its environment.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { natsAuthorization, natsConfig, NATS_USERS, type NatsPasswords } from '#embedded/nats-config';

const root = join(import.meta.dirname, '..');
const variables = NATS_USERS.map((user) => [user, `$${user.toUpperCase()}_NATS_PASSWORD`] as const);
const passwords = Object.fromEntries(variables) as NatsPasswords;
const NOTE = '# Written by `npm run nats-config` from libs/messaging/src/permissions.ts.\n';

const files = { 'k8s/overlays/dev/nats-config.yaml': configMap(), 'k8s/nats/values.yaml': helmValues() };
const stale = Object.entries(files).filter(([file, text]) => readOr(join(root, file)) !== text);
if (!process.argv.includes('--check')) for (const [file, text] of stale) writeFileSync(join(root, file), text);
else if (stale.length > 0) {
  process.stderr.write(`Not in step: ${stale.map(([file]) => file).join(', ')}\n  Run: npm run nats-config\n`);
  process.exitCode = 1;
}

function configMap(): string {
  const options = { port: 4222, host: '0.0.0.0', monitoring: '0.0.0.0:8222', storeDir: '/data/jetstream', passwords };
  // The server takes a variable for what it stands for only without quotes.
  const config = variables.reduce((text, [, name]) => text.replace(`"${name}"`, name), natsConfig(options));
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'nats' }, data: { 'server.conf': config } };
  return NOTE + stringify(map);
}

/** For the official chart (https://nats-io.github.io/k8s), version 2.12.2. */
function helmValues(): string {
  const { users, ...authorization } = natsAuthorization(passwords);
  const asVariable = users.map((user) => ({ ...user, password: `<< ${user.password} >>` }));
  const ca = { tls: { enabled: true, secretName: 'nats-tls' } };
  const values = {
    container: {
      image: { repository: 'nats', tag: '2.14.2-alpine' },
      env: Object.fromEntries(
        variables.map(([user, name]) => [
          name.slice(1),
          { valueFrom: { secretKeyRef: { name: `${user}-nats`, key: 'password' } } },
        ]),
      ),
      merge: { resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '2', memory: '2Gi' } } },
    },
    tlsCA: { enabled: true, secretName: 'nats-ca' },
    config: {
      cluster: { enabled: true, replicas: 3, ...ca },
      nats: ca,
      jetstream: {
        enabled: true,
        fileStore: { pvc: { size: '50Gi' } },
        merge: { sync_interval: 'always' },
      },
      monitor: { enabled: true },
      merge: {
        max_payload: '<< 2MB >>',
        ping_interval: '5s',
        ping_max: 2,
        authorization: { ...authorization, users: asVariable },
      },
    },
    podTemplate: {
      topologySpreadConstraints: { 'kubernetes.io/hostname': { maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule' } },
    },
    natsBox: { enabled: false },
  };
  return NOTE + stringify(values);
}

function readOr(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
