import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Databases } from '#embedded/databases';
import type { OperationName } from './operations.js';
import type { ToBare } from './bare-server.js';
import type { Load, Loaded } from './load.js';
import type { Recording } from './recording.js';

/** A program of the bench in a process of its own, which ends with this one. */
class Child<Message extends object> {
  private readonly child: ChildProcess;

  constructor(script: string) {
    this.child = fork(join(import.meta.dirname, script), {
      execArgv: ['--conditions=source', '--import', 'tsx'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
  }

  get pid(): number {
    return this.child.pid!;
  }

  ask<Answer>(message: Message): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const died = () => reject(new Error(`process ${this.pid} of the bench has died`));
      this.child.once('exit', died);
      this.child.once('message', (answer) => {
        this.child.off('exit', died);
        resolve(answer as Answer);
      });
      this.child.send(message);
    });
  }

  stop(): void {
    this.child.removeAllListeners();
    this.child.kill('SIGKILL');
  }
}

export class BareServer extends Child<ToBare> {
  port = 0;

  static async start(databases: Databases): Promise<BareServer> {
    const server = new BareServer('bare-server.ts');
    server.port = await server.ask<number>({ databases });
    return server;
  }

  async learn(operation: OperationName, recording: Recording): Promise<void> {
    await this.ask({ operation, recording });
  }
}

export class Client extends Child<Load> {
  constructor() {
    super('load.ts');
  }

  /** Errors: an answer that is not what it should be. */
  async load(load: Load): Promise<Loaded> {
    const loaded = await this.ask<Loaded>(load);
    if (loaded.fault !== undefined) throw new Error(`A wrong answer under load: ${loaded.fault}`);
    return loaded;
  }
}
