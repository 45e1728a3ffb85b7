import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A private engine's images and build cache stay there, which makes the next time fast. */
const FOLDER = process.env.HFX_ENGINE_DIR ?? '/var/tmp/hfx-engine';
const STAND_INS = /^(node|postgres|nats):/;
const LONGEST_MS = 20 * 60_000;

/** A Docker engine, and docker-compose.yml on it. */
export class Engine {
  private constructor(
    private readonly env: NodeJS.ProcessEnv,
    private readonly tool: string | undefined,
  ) {}

  /**
   * The one that `docker` reaches; or a private one by a tool that starts it, and makes stand-ins for base images, where
   * no registry can be reached.
   */
  static async open(port: number, tool: string | undefined): Promise<Engine> {
    const env = { ...process.env, PORT: String(port), LOG_LEVEL: 'warn' };
    if (tool === undefined) return new Engine(env, tool);
    const told = 'vars=$("$0" up "$1") && eval "$vars" && printf "%s\\n" "$DOCKER_HOST" "$DOCKER_CONFIG" "$PATH"';
    const { stdout } = await run('bash', ['-c', told, tool, FOLDER]);
    const [DOCKER_HOST, DOCKER_CONFIG, PATH] = stdout.split('\n');
    return new Engine({ ...env, DOCKER_HOST, DOCKER_CONFIG, PATH }, tool);
  }

  async close(): Promise<void> {
    await this.compose('--profile', '*', 'down', '--volumes', '--timeout', '5');
    if (this.tool) await run(this.tool, ['down', FOLDER]);
  }

  /** Stand-ins for what the image and the system are made from; nothing to do where images can be pulled. */
  async makeBaseImages(): Promise<string> {
    if (this.tool === undefined) return '';
    const [, node = ''] = /^ARG NODE_IMAGE=(\S+)$/m.exec(readFileSync('Dockerfile', 'utf8')) ?? [];
    const images = (await this.compose('config', '--images')).split('\n');
    const wanted = new Set([node, ...images].filter((image) => STAND_INS.test(image)));
    const { stderr } = await run(this.tool, ['base', FOLDER, ...wanted], { timeout: LONGEST_MS });
    return stderr;
  }

  compose(...args: string[]): Promise<string> {
    const files = ['--file', 'docker-compose.yml'];
    if (this.tool) files.push('--file', 'test/containers/without-mail.yaml');
    return this.docker('compose', ...files, ...args);
  }

  /** What a command has printed. Errors: it failed; with the end of what it said. */
  async docker(...args: string[]): Promise<string> {
    try {
      const { stdout } = await run('docker', args, { env: this.env, timeout: LONGEST_MS, maxBuffer: 64 << 20 });
      return stdout.trim();
    } catch (error) {
      const said = (error as { stderr?: string }).stderr?.trim().split('\n').slice(-30).join('\n');
      throw new Error(`docker ${args.join(' ')}:\n${said ?? ''}`, { cause: error });
    }
  }

  /** Runs a line of JavaScript in a service's container, and gives what it prints. */
  inside(service: string, script: string): Promise<string> {
    return this.compose('exec', '-T', service, 'node', '-e', script);
  }

  containerOf(service: string): Promise<string> {
    return this.compose('ps', '--all', '--quiet', service);
  }
}
