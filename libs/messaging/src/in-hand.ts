/** Work that has begun and must be finished before the process ends. */
export class InHand {
  private readonly running = new Set<Promise<unknown>>();

  get size(): number {
    return this.running.size;
  }

  /** Keeps an eye on it. It must handle its own failure. */
  add(work: Promise<unknown>): void {
    const watched = work.finally(() => this.running.delete(watched));
    this.running.add(watched);
  }

  /** Waits until `before` is over and then all work is done, at most `ms` together. Gives how many were not done. */
  async finish(ms: number, before: Promise<unknown> = Promise.resolve()): Promise<number> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
    const done = before.then(async () => {
      while (this.running.size > 0) await Promise.allSettled(this.running);
    });
    await Promise.race([done, late]);
    clearTimeout(timer);
    return this.running.size;
  }
}
