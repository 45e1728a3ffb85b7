import { parentPort } from 'node:worker_threads';
import type { DunningNotice } from '#contracts/dunning-notices';
import { writeLetters } from './letter.pdf.js';

export interface Job {
  job: number;
  notices: DunningNotice[];
}
/** A part of a job's PDF, or that it is over. */
export type Printed = { job: number; chunk: Uint8Array } | { job: number; done: true } | { job: number; fault: string };

const print = async ({ job, notices }: Job): Promise<void> => {
  const tell = (message: Printed) => parentPort?.postMessage(message);
  try {
    await writeLetters(notices, (chunk) => tell({ job, chunk }));
    tell({ job, done: true });
  } catch (error) {
    tell({ job, fault: String(error) });
  }
};

parentPort?.on('message', (job: Job) => void print(job));
