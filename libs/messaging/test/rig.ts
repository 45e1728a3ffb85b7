import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Logger } from '@nestjs/common';
import type { QueryRunner } from 'typeorm';
import { z } from 'zod';
import { event } from '#contracts/event';
import type { ServiceName } from '#contracts/rpc';
import { startNats, type RunningNats } from '#embedded/nats';
import { newSecrets } from '#embedded/secrets';
import { closeBus, connectBus } from '#messaging/connection';
import { linkOf } from '#messaging/link';
import { down, up } from '#messaging/tables';
import { testDatabase, type TestDatabase } from '#testing/database';
import { eventually } from '#testing/eventually';
import type { DatabaseService } from '#embedded/provision-sql';

// What goes wrong here goes wrong on purpose.
Logger.overrideLogger(false);

/** A server of this file's own, with the permissions of production, that may be killed and wiped. */
export class NatsRig {
  private readonly connections: NatsConnection[] = [];

  private constructor(
    private readonly dataDir: string,
    readonly running: RunningNats,
  ) {}

  static async start(): Promise<NatsRig> {
    const dataDir = mkdtempSync(join(tmpdir(), 'hfx-messaging-'));
    // Durable: what it has acknowledged outlives `kill -9`.
    const running = await startNats({ dataDir, passwords: newSecrets().nats, durable: true });
    return new NatsRig(dataDir, running);
  }

  options(service: ServiceName) {
    return { servers: this.running.url, service, ...this.running.credentials(service) };
  }

  async connect(service: ServiceName): Promise<NatsConnection> {
    const nc = await connectBus(this.options(service));
    this.connections.push(nc);
    return nc;
  }

  /** As a person who maintains the server; none of our services. */
  async connectAs(user: 'ops'): Promise<NatsConnection> {
    const nc = await connect({
      servers: this.running.url,
      maxReconnectAttempts: -1,
      ...this.running.credentials(user),
    });
    this.connections.push(nc);
    linkOf(nc);
    return nc;
  }

  /** `kill -9`; resolves when all of this file's connections know that it is gone. It comes back by itself. */
  async kill(): Promise<void> {
    const before = this.connections.map((nc) => linkOf(nc).losses);
    this.running.process.kill('SIGKILL');
    await eventually(() => {
      const unaware = this.connections.filter((nc, index) => !nc.isClosed() && linkOf(nc).losses === before[index]);
      if (unaware.length > 0) throw new Error('not all know it yet');
    });
  }

  /** Resolves when it is up, and all connections are back. */
  async back(): Promise<void> {
    await this.running.process.waitReady();
    for (const nc of this.connections) if (!nc.isClosed()) await linkOf(nc).whenUp(10_000);
  }

  /** Stops it, forgets all that JetStream holds, and starts it. */
  async wipe(): Promise<void> {
    await this.running.process.stop();
    rmSync(join(this.dataDir, 'nats/jetstream'), { recursive: true, force: true });
    await this.running.process.start();
    await this.back();
  }

  /** Keeps what JetStream holds at this moment, as a backup would. */
  async keepCopy(): Promise<void> {
    await this.running.process.stop();
    cpSync(join(this.dataDir, 'nats/jetstream'), join(this.dataDir, 'copy'), { recursive: true });
    await this.running.process.start();
    await this.back();
  }

  /** Stops it, puts a stream's messages back to what the copy holds, but not its consumers, and starts it. */
  async returnToCopy(stream: string, meanwhile: () => Promise<void>): Promise<void> {
    await this.running.process.stop();
    const files = readdirSync(join(this.dataDir, 'copy'), { recursive: true, encoding: 'utf8' });
    for (const messages of files.filter((file) => file.endsWith(`streams/${stream}/msgs`))) {
      const present = join(this.dataDir, 'nats/jetstream', messages);
      rmSync(present, { recursive: true, force: true });
      cpSync(join(this.dataDir, 'copy', messages), present, { recursive: true });
    }
    await meanwhile();
    await this.running.process.start();
    await this.back();
  }

  async stop(): Promise<void> {
    await Promise.all(this.connections.map((nc) => closeBus(nc, 500)));
    await this.running.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

export const thingChanged = event('customers.thing.changed', z.object({ name: z.string(), rank: z.int() }));
export const thingRemoved = event('customers.thing.removed', z.object({ name: z.string() }));

class MessagingTables1700000000000 {
  up = up;
  down = down;
}

/** What the tests' projections keep. */
class Things1700000000001 {
  up = async (runner: QueryRunner) => {
    await runner.query(`CREATE TABLE thing (
      seen bigint GENERATED ALWAYS AS IDENTITY, id text PRIMARY KEY, version int NOT NULL, name text NOT NULL)`);
    await runner.query(`CREATE TABLE applied (
      place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id text NOT NULL, version int NOT NULL)`);
  };
  down = (runner: QueryRunner) => runner.query('DROP TABLE thing, applied');
}

export const messagingDatabase = (service: DatabaseService): Promise<TestDatabase> =>
  testDatabase({ service, migrations: [MessagingTables1700000000000, Things1700000000001], entities: [] });
