/** Waits `ms`, or less if the signal comes first. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
}

/** A pause that can be ended from elsewhere; a call that came before the pause counts. */
export class Bell {
  private rung = false;
  private wake?: () => void;

  ring(): void {
    this.rung = true;
    this.wake?.();
  }

  async wait(ms: number, signal?: AbortSignal): Promise<void> {
    if (!this.rung) {
      const woken = new AbortController();
      this.wake = () => woken.abort();
      await pause(ms, signal ? AbortSignal.any([woken.signal, signal]) : woken.signal);
    }
    this.wake = undefined;
    this.rung = false;
  }
}
