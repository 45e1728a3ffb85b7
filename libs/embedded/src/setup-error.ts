/** A failure that the person at the terminal can mend: what is wrong, and what to do about it. */
export class SetupError extends Error {
  constructor(what: string, remedy: string, cause?: unknown) {
    super(`${what}\n  ${remedy.replaceAll('\n', '\n  ')}`, { cause });
    this.name = 'SetupError';
  }
}

export const reasonOf = (error: unknown): string => (error as Error | null)?.message ?? String(error);

export const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | null)?.code;

/** The text for the terminal: a mendable failure as it is, a full disk by its name, anything else with its stack. */
export function describeFailure(error: unknown): string {
  if (error instanceof SetupError) return error.message;
  for (let e: unknown = error; e instanceof Error; e = e.cause) {
    if (codeOf(e) === 'ENOSPC') return `The disk is full (${e.message}).\n  Free some space and start again.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
