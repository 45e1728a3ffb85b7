// A thread that runs a program from the sources: a new thread doesn't inherit who compiles them.
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
await import(workerData.program);
