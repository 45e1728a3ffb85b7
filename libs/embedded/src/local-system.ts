import { join, resolve } from 'node:path';
import { SERVICES, type ServiceName } from '#contracts/rpc';
import { provideStreams } from '#messaging/provide-streams';
import { readDemoAccounts, type DemoAccount } from './accounts.js';
import { runCommand } from './commands.js';
import { lockDataDir, openDataDir } from './data-dir.js';
import { provisionEmbedded, type Databases } from './databases.js';
import {
  externalDatabases,
  externalNats,
  serviceEnvironment,
  streamsProvider,
  type NatsAccess,
} from './environment.js';
import { endLeftovers } from './leftovers.js';
import { migrateOnce } from './migrations.js';
import type { NatsUser } from './nats-config.js';
import { startNats, type RunningNats } from './nats.js';
import { assertPortFree, freePort } from './ports.js';
import { startPostgres, type RunningPostgres } from './postgres.js';
import { builtProgram, repositoryRoot, type Program, type ProgramPath } from './programs.js';
import { DATABASE_SERVICES, type DatabaseService } from './provision-sql.js';
import { loadSecrets, type Secrets } from './secrets.js';
import { accountsToSeed, seed } from './seeding.js';
import { ServiceProcess, reachable } from './service-process.js';
import type { SupervisedProcess } from './supervised-process.js';
import { all } from './wait.js';

export interface LocalSystemOptions {
  dataDir: string;
  /** The gateway's; 0 picks a free one. */
  port?: number;
  host?: string;
  /** The outer environment: addresses of real servers, the services' settings. */
  env?: NodeJS.ProcessEnv;
  /** false: nothing is forced to disk (tests). */
  durable?: boolean;
  /** Lets the services' roles set `app.now()` (tests). */
  testClock?: boolean;
  /** false: a new data folder begins with the first administrator of the environment, not the demo accounts. */
  demo?: boolean;
  extraEnv?: Partial<Record<ServiceName, NodeJS.ProcessEnv>>;
  /** Has the last word on what a service is started with: tests put something between it and what it rests on. */
  rewire?: (service: ServiceName, env: NodeJS.ProcessEnv) => NodeJS.ProcessEnv;
  replicas?: Partial<Record<ServiceName, number>>;
  programs?: ProgramPath;
  report?: (line: string) => void;
}

const COMMAND_TIME = 600_000;

/** The whole system on this machine: PostgreSQL, NATS and the five services as processes of their own. */
export class LocalSystem {
  readonly dataDir: string;
  port = 0;
  /** Both undefined when real servers are named. */
  postgres?: RunningPostgres;
  nats?: RunningNats;
  /** The superuser's URL of the services' database. */
  adminUrl?: string;
  databases!: Databases;
  natsAccess!: (user: NatsUser) => NatsAccess;
  private secrets!: Secrets;
  private readonly services: ServiceProcess[] = [];
  private readonly env: NodeJS.ProcessEnv;
  private readonly report: (line: string) => void;
  private release?: () => void;
  private starting?: Promise<void>;
  private stopping = false;

  constructor(private readonly options: LocalSystemOptions) {
    this.dataDir = resolve(options.dataDir);
    this.env = options.env ?? process.env;
    this.report = options.report ?? (() => {});
  }

  get url(): string {
    return `http://${reachable(this.options.host)}:${this.port}`;
  }

  /** The demo accounts as they were created. */
  get accounts(): DemoAccount[] {
    return readDemoAccounts(this.dataDir) ?? [];
  }

  /** `postgres`, `nats`, a service's name, or `<service>-<n>` for its n-th replica. */
  process(name: string): SupervisedProcess {
    const found = this.processes().find((process) => process.name === name);
    if (!found) throw new Error(`No process ${name}`);
    return found;
  }

  /** Where an instance answers `/health/*` and `/metrics`. */
  healthUrl(name: string): string {
    const found = this.services.find((service) => service.name === name);
    if (!found) throw new Error(`No service ${name}`);
    return found.baseUrl();
  }

  /** Resolves when all of it is ready. What it had started is stopped again when it fails. */
  start(): Promise<void> {
    this.starting = this.bringUp().catch(async (error: unknown) => {
      this.stopping = true;
      await this.takeDown();
      throw error;
    });
    return this.starting;
  }

  /** In order: the gateway first, so that nothing new comes in; what the services rest on last. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.stopServices();
    await this.starting?.catch(() => {});
    await this.takeDown();
  }

  /** Kills everything at once; the next start recovers. */
  async killAll(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.processes().map((process) => process.stop([['SIGKILL', 5_000]])));
    this.release?.();
  }

  /** Runs a command of a service (a script) with the service's environment, and `env` on top. */
  run(service: ServiceName, script: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<void> {
    return runCommand({
      what: `${service}: ${script}`,
      script,
      args,
      env: { ...this.environmentOf(service), HEALTH_PORT: '0', HFX_SUPERVISED: '0', ...env },
      cwd: repositoryRoot(),
      logFile: join(this.dataDir, `logs/${service}-commands.log`),
      within: COMMAND_TIME,
    });
  }

  private async bringUp(): Promise<void> {
    const { dataDir, env, options } = this;
    openDataDir(dataDir);
    this.port = options.port || (await freePort());
    this.release = lockDataDir(dataDir, this.url);
    const leftovers = await endLeftovers(dataDir, this.report);
    await assertPortFree(this.port, options.host ?? '127.0.0.1', leftovers ? 5_000 : 0);
    const accounts = accountsToSeed(dataDir, env, options.demo ?? true);
    this.secrets = loadSecrets(dataDir);
    await all([this.bringUpPostgres(), this.bringUpNats()]);
    this.goOn();
    await this.migrateAll();
    this.goOn();
    if (accounts) await seed(dataDir, accounts, (file) => this.seedAccounts(file));
    this.goOn();
    await this.bringUpServices();
  }

  private async bringUpPostgres(): Promise<void> {
    const { dataDir, env, options, report } = this;
    const external = externalDatabases(env);
    if (external) {
      this.databases = external;
      return;
    }
    report('starting PostgreSQL …');
    const { durable, testClock } = options;
    this.postgres = await startPostgres({ dataDir, password: this.secrets.postgres, durable, env, report });
    Object.assign(this, await provisionEmbedded(this.postgres, this.secrets, testClock));
  }

  private async bringUpNats(): Promise<void> {
    const { dataDir, env, options, report } = this;
    const external = externalNats(env);
    if (external) {
      this.natsAccess = external;
      await provideStreams(streamsProvider(external, env));
      return;
    }
    report('starting NATS …');
    const passwords = this.secrets.nats;
    const nats = await startNats({ dataDir, passwords, durable: options.durable, env, report });
    this.nats = nats;
    this.natsAccess = (user) => ({ url: nats.url, user, password: passwords[user] });
  }

  private async migrateAll(): Promise<void> {
    const migrate = () => {
      this.report('migrating the databases …');
      return all(DATABASE_SERVICES.map((service) => this.migrate(service)));
    };
    if (!this.postgres) return void (await migrate());
    const scripts = DATABASE_SERVICES.map((service) => this.script(service, 'migrate'));
    await migrateOnce(this.dataDir, scripts, migrate);
  }

  private migrate(service: DatabaseService): Promise<void> {
    return this.run(service, this.script(service, 'migrate'), [], { DATABASE_URL: this.databases[service].owner });
  }

  private async seedAccounts(file: string): Promise<void> {
    this.report('creating the first accounts …');
    await this.run('auth', this.script('auth', 'seed'), [], { HFX_SEED_FILE: file });
    if (this.options.demo ?? true) await this.run('customers', this.script('customers', 'seed'));
  }

  private async bringUpServices(): Promise<void> {
    this.report('starting the services …');
    for (const service of SERVICES) {
      const replicas = this.options.replicas?.[service] ?? 1;
      for (let n = 1; n <= replicas; n++) this.services.push(await this.instance(service, n));
    }
    await all(
      this.services.map(async (service) => {
        await service.start();
        this.report(`  ${service.name} is ready`);
      }),
    );
    this.goOn();
  }

  private async instance(service: ServiceName, n: number): Promise<ServiceProcess> {
    const { dataDir, options, report } = this;
    const env = this.environmentOf(service);
    if (service === 'gateway') {
      env.HOST = options.host ?? '127.0.0.1';
      env.PORT = String(n === 1 ? this.port : await freePort());
    }
    const name = n === 1 ? service : `${service}-${n}`;
    const script = this.script(service, 'main');
    return new ServiceProcess({ name, service, script, env, cwd: repositoryRoot(), dataDir, report });
  }

  private environmentOf(service: ServiceName): NodeJS.ProcessEnv {
    const { dataDir, databases, url } = this;
    const given = { nats: this.natsAccess(service), databases, authKey: this.secrets.authKey, dataDir, url };
    const env = { ...serviceEnvironment(service, this.env, given), ...this.options.extraEnv?.[service] };
    return this.options.rewire?.(service, env) ?? env;
  }

  private script(service: ServiceName, program: Program): string {
    return (this.options.programs ?? builtProgram)(service, program);
  }

  private processes(): SupervisedProcess[] {
    return [...this.services, this.nats?.process, this.postgres?.process].filter((process) => process !== undefined);
  }

  /** A stop that was asked for during the start ends the start at its next step. */
  private goOn(): void {
    if (this.stopping) throw new Stopped();
  }

  private async stopServices(): Promise<void> {
    const gateways = this.services.filter(({ name }) => name.startsWith('gateway'));
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    await Promise.all(this.services.map((service) => service.stop()));
  }

  private async takeDown(): Promise<void> {
    try {
      await this.stopServices();
      await this.nats?.stop();
      await this.postgres?.stop();
    } finally {
      this.release?.();
    }
  }
}

/** The start was given up because a stop was asked for. */
export class Stopped extends Error {}
