import { AsyncLocalStorage } from 'node:async_hooks';
import type { Doer } from '#contracts/event';
import type { OutgoingCall } from '#messaging/bus';

interface Ambient extends Pick<OutgoingCall, 'requestId' | 'traceparent' | 'language' | 'deadline'> {
  /** Who asks, and whom he acts for. */
  doer?: Doer;
}

const storage = new AsyncLocalStorage<Ambient>();

/** What log lines and further requests carry while a request is being answered. */
export const requestContext = {
  run: <T>(ambient: Ambient, work: () => T): T => storage.run(ambient, work),
  get: (): Ambient => storage.getStore() ?? {},
};

/** What a log line says about the request that it belongs to. */
export function traceFields({ requestId, traceparent, doer }: Ambient) {
  return { requestId, traceId: traceparent?.split('-')[1], actorId: doer?.userId, forUserId: doer?.forUserId };
}
