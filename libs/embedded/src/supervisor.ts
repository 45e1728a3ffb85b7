import { join, resolve } from 'node:path';
import { LocalSystem, Stopped } from './local-system.js';
import { repositoryRoot } from './programs.js';
import { SetupError, describeFailure } from './setup-error.js';

const say = (line: string) => void process.stdout.write(`${line}\n`);

/** `npm start`: brings the system up, says where it is, and stays until it is told to stop. Answers the exit code. */
export async function supervise(env: NodeJS.ProcessEnv = process.env): Promise<number> {
  // A terminal that is gone must not take the system down halfway through its stop.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  const stop = new StopRequest();
  try {
    const system = new LocalSystem({
      dataDir: resolve(repositoryRoot(), env.DATA_DIR || '.data'),
      port: portOf(env.PORT),
      host: env.HOST || '127.0.0.1',
      demo: env.HFX_DEMO !== '0',
      env,
      report: say,
    });
    stop.onAgain(() => system.killAll());
    const started = system.start();
    started.catch(() => {});
    await Promise.race([started, stop.asked]);
    if (!stop.wasAsked) {
      say(welcome(system));
      await stop.asked;
    }
    say('stopping …');
    await system.stop();
    say('stopped');
    return 0;
  } catch (error) {
    if (error instanceof Stopped) return 0;
    process.stderr.write(`\n${describeFailure(error)}\n`);
    return 1;
  }
}

function portOf(text = '3000'): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new SetupError(`PORT is ${JSON.stringify(text)}, which is no port.`, 'Give a number from 1 to 65535.');
}

function welcome(system: LocalSystem): string {
  const accounts = system.accounts.map(({ username, password, role }) => {
    return `  ${username.padEnd(10)}${password.padEnd(20)}${role}`;
  });
  const demo =
    accounts.length === 0 ? [] : ['', 'Demo accounts, with the passwords they were created with:', ...accounts];
  const logs = `Logs are in ${join(system.dataDir, 'logs')}. Ctrl-C stops everything.`;
  return ['', `Hongfuxing CRM is ready: ${system.url}`, ...demo, '', logs].join('\n');
}

/** Ctrl-C and its like: the first asks to stop, one more, a while later, insists. */
class StopRequest {
  readonly asked: Promise<void>;
  wasAsked = false;
  private firstAt = 0;
  private insist: () => Promise<void> = () => Promise.resolve();

  constructor() {
    this.asked = new Promise((resolve) => {
      const onSignal = () => {
        // npm passes on the signal that the terminal has sent already: that is no second request.
        if (this.wasAsked && performance.now() - this.firstAt > 1_000) {
          say('stopping at once');
          void this.insist().finally(() => process.exit(1));
        }
        if (this.wasAsked) return;
        this.wasAsked = true;
        this.firstAt = performance.now();
        resolve();
      };
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);
    });
  }

  onAgain(insist: () => Promise<void>): void {
    this.insist = insist;
  }
}
