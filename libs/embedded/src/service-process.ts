import { join } from 'node:path';
import type { ServiceName } from '#contracts/rpc';
import { rotateLog } from './logs.js';
import { freePort } from './ports.js';
import { SupervisedProcess } from './supervised-process.js';

/** Half of V8's default: a sixth of the memory of services that do little, for some more minor collections under load. */
const YOUNG_GENERATION = '--max-semi-space-size=8';

export interface ServiceProcessOptions {
  /** `billing`, and `billing-2` for its second replica. */
  name: string;
  service: ServiceName;
  script: string;
  env: NodeJS.ProcessEnv;
  cwd: string;
  dataDir: string;
  report: (line: string) => void;
}

export class ServiceProcess extends SupervisedProcess {
  /** Where it answers `/health/live`, `/health/ready` and `/metrics`; the gateway's is the one for the public. */
  readonly baseUrl: () => string;

  constructor({ name, service, script, env, cwd, dataDir, report }: ServiceProcessOptions) {
    const logFile = join(dataDir, `logs/${name}.log`);
    rotateLog(logFile);
    const baseUrl = () =>
      service === 'gateway' ? `http://${reachable(env.HOST)}:${env.PORT}` : `http://127.0.0.1:${env.HEALTH_PORT}`;
    super({
      name,
      command: process.execPath,
      args: [YOUNG_GENERATION, script],
      env,
      cwd,
      orphan: 'watches-stdin',
      logFile,
      recordFile: join(dataDir, `run/${name}.json`),
      // Picked anew each time: somebody may have taken it while the service was down.
      prepare: async () => void (env.HEALTH_PORT = String(await freePort())),
      ready: () => answersReady(`${baseUrl()}/health/ready`),
      readyWithin: 90_000,
      stop: [
        ['SIGTERM', 15_000],
        ['SIGKILL', 5_000],
      ],
      report,
    });
    this.baseUrl = baseUrl;
  }
}

async function answersReady(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  await response.body?.cancel();
  return response.status === 200;
}

/** An address to reach a listener at: one that listens everywhere is also here. */
export function reachable(host = '127.0.0.1'): string {
  if (host === '0.0.0.0' || host === '::' || host === '') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
