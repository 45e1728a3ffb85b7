import { AsyncLocalStorage } from 'node:async_hooks';
import type { OutgoingCall } from '#messaging/bus';

type Ambient = Pick<OutgoingCall, 'requestId' | 'traceparent' | 'language' | 'deadline'>;

const storage = new AsyncLocalStorage<Ambient>();

/** What log lines and further requests carry while a request is being answered. */
export const requestContext = {
  run: <T>(ambient: Ambient, work: () => T): T => storage.run(ambient, work),
  get: (): Ambient => storage.getStore() ?? {},
};
