import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { z } from 'zod';
import { authConfig } from '../../apps/auth/src/config.js';
import { billingConfig } from '../../apps/billing-reminders/src/config.js';
import { SHARDS } from '../../apps/billing-reminders/src/sweep/sweep.rules.js';
import { CustomersConfig } from '../../apps/customers/src/config.js';
import { gatewayConfig } from '../../apps/gateway/src/config.js';
import { salesConfig } from '../../apps/sales/src/config.js';
import { build, type KubernetesObject } from './kustomize.js';
import { faultsOf } from './typed.js';

interface Container {
  name: string;
  image: string;
  env?: { name: string; value?: string }[];
  securityContext?: { readOnlyRootFilesystem?: boolean; allowPrivilegeEscalation?: boolean; capabilities?: unknown };
  resources?: { limits?: Record<string, string>; requests?: Record<string, string> };
  startupProbe?: unknown;
  livenessProbe?: unknown;
  readinessProbe?: unknown;
  lifecycle?: { preStop?: { sleep?: { seconds: number } } };
}

interface Scaled {
  minReplicaCount: number;
  maxReplicaCount: number;
  triggers: { metadata: object }[];
}

interface Pod {
  containers: Container[];
  initContainers?: Container[];
  terminationGracePeriodSeconds?: number;
  securityContext?: { runAsNonRoot?: boolean; seccompProfile?: unknown };
}

const FOLDERS = ['overlays/dev', 'overlays/production', 'monitoring', 'external-secrets'];
const CONFIGS: Record<string, z.ZodObject> = {
  gateway: gatewayConfig,
  auth: authConfig,
  customers: CustomersConfig,
  sales: salesConfig,
  'billing-api': billingConfig,
  'billing-worker': billingConfig,
};
/** Read by the platform before a service reads its own settings, or by Node itself. */
const OF_THE_PLATFORM = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'NODE_EXTRA_CA_CERTS'];

const built = new Map(FOLDERS.map((folder) => [folder, build(`k8s/${folder}`)]));
const objects = [...built.values()].flat();
const podOf = ({ spec }: KubernetesObject) => (spec as { template: { spec: Pod } }).template.spec;
const ofKind = (...kinds: string[]) => objects.filter(({ kind }) => kinds.includes(kind));

it('knows every field of every object, misses none, and finds each of its type', () => {
  expect(faultsOf(objects)).toEqual([]);
});

it('would find a wrong field', () => {
  const [deployment] = ofKind('Deployment');
  const wrong = structuredClone(deployment!) as unknown as { spec: Record<string, unknown> };
  wrong.spec.replica = 1;
  delete wrong.spec.selector;
  expect(faultsOf([wrong as unknown as KubernetesObject]).join()).toMatch(/replica/);
});

it.each(
  ofKind('Deployment', 'StatefulSet', 'Job').map((object) => [object.kind, object.metadata.name, object] as const),
)('lets no container of %s %s do more than it must', (_kind, _name, object) => {
  const { securityContext, containers, initContainers = [] } = podOf(object);
  expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
  for (const container of [...containers, ...initContainers]) {
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(container.image).toMatch(/:\d+\.\d+(\.\d+)?|@sha256:/);
    expect(Object.keys(container.resources?.limits ?? {}).sort()).toEqual(['cpu', 'memory']);
    expect(Object.keys(container.resources?.requests ?? {}).sort()).toEqual(['cpu', 'memory']);
  }
});

it.each(ofKind('Deployment', 'StatefulSet'))(
  'probes $metadata.name at its start, for life and for readiness',
  (object) => {
    for (const { startupProbe, livenessProbe, readinessProbe } of podOf(object).containers) {
      expect([startupProbe, livenessProbe, readinessProbe]).not.toContain(undefined);
    }
  },
);

it.each(ofKind('Deployment'))('gives $metadata.name the settings that it reads, and no other', ({ metadata, spec }) => {
  const [container] = podOf({ spec } as KubernetesObject).containers;
  const shape = CONFIGS[metadata.name]!.shape as Record<string, z.ZodType>;
  const given = container!.env!.map(({ name }) => name);
  const required = Object.keys(shape).filter((name) => !shape[name]!.safeParse(undefined).success);
  expect(given).toEqual(expect.arrayContaining(required));
  expect(given.filter((name) => !(name in shape) && !OF_THE_PLATFORM.includes(name))).toEqual([]);
  expect(new Set(given).size).toBe(given.length);
});

it.each(ofKind('Deployment'))('leaves $metadata.name the time to finish what it has in hand', ({ spec }) => {
  const { containers, terminationGracePeriodSeconds } = podOf({ spec } as KubernetesObject);
  const { lifecycle, env = [] } = containers[0]!;
  const drain = Number(env.find(({ name }) => name === 'DRAIN_MS')?.value ?? 0) / 1_000;
  const pause = lifecycle?.preStop?.sleep?.seconds ?? 0;
  expect(pause).toBeGreaterThan(0);
  // A request takes five seconds at most, a job's lease is thirty.
  expect(terminationGracePeriodSeconds).toBeGreaterThanOrEqual(pause + drain + 35);
});

it('scales the workers by the work queue, with at least four shards for each', () => {
  const [scaled] = ofKind('ScaledObject');
  const { minReplicaCount, maxReplicaCount, triggers } = scaled!.spec as Scaled;
  expect([minReplicaCount, maxReplicaCount]).toEqual([1, 20]);
  expect(triggers[0]!.metadata).toMatchObject({ stream: 'JOB_BILLING', consumer: 'billing-sweep-shard' });
  expect(SHARDS).toBeGreaterThanOrEqual(4 * maxReplicaCount);
});

it('names only Secrets that the example of External Secrets makes, or that an operator does', () => {
  const made = ofKind('ExternalSecret').map(({ metadata }) => metadata.name);
  const used = [...JSON.stringify(objects).matchAll(/"secretKeyRef":\{"name":"([^"]+)"/g)].map(([, name]) => name);
  expect(used.length).toBeGreaterThan(20);
  expect(new Set(used.filter((name) => !made.includes(name!)))).toEqual(new Set());
});

it('has the permissions on the bus in step with the contracts', () => {
  const check = ['--conditions=source', '--import', 'tsx', 'scripts/nats-config.ts', '--check'];
  expect(() => execFileSync(process.execPath, check)).not.toThrow();
});

it('runs a runbook for every alert, and the same alerts everywhere', () => {
  const [rule] = ofKind('PrometheusRule');
  const { groups } = parse(readFileSync('deploy/observability/alerts.yaml', 'utf8')) as { groups: unknown };
  expect((rule!.spec as { groups: unknown }).groups).toEqual(groups);
  const headings = readFileSync('docs/operations.md', 'utf8').match(/^### .+$/gm) ?? [];
  const anchors = headings.map((heading) => heading.slice(4).toLowerCase().replaceAll(' ', '-'));
  const runbooks = [...JSON.stringify(groups).matchAll(/operations\.md#([\w-]+)/g)].map(([, anchor]) => anchor);
  expect(runbooks.length).toBeGreaterThan(5);
  expect(anchors).toEqual(expect.arrayContaining(runbooks));
});
