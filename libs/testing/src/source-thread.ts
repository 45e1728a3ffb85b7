import { Worker } from 'node:worker_threads';

/** A thread that runs this program of the sources. */
export const sourceThread = (program: URL): Worker =>
  new Worker(new URL('../source-thread.mjs', import.meta.url), {
    workerData: { program: program.href },
    execArgv: ['--conditions=source'],
  });
