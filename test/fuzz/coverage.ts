import type { Answer, Request } from '../access/client.js';
import type { Operation } from './operations.js';

/** Which routes were asked, which of them did what they are for, and why the others said that they didn't. */
export class Coverage {
  private readonly reached = new Set<string>();
  private readonly refusals = new Map<string, string>();

  constructor(private readonly operations: Operation[]) {}

  note(operation: Operation, request: Request, { status, text }: Answer): void {
    const name = nameOf(operation);
    if (status < 300) this.reached.add(name);
    // That somebody may not is what one expects; what else was wrong tells more.
    else if ((status !== 401 && status !== 403) || !this.refusals.has(name)) {
      this.refusals.set(
        name,
        `${status} ${text} to ${request.path} ${JSON.stringify(request.body) ?? ''}`.slice(0, 400),
      );
    }
  }

  get share(): number {
    return this.reached.size / this.operations.length;
  }

  /** The routes that never did, each with the last refusal. */
  unreached(): string[] {
    const names = this.operations.map(nameOf).filter((name) => !this.reached.has(name));
    return names.map((name) => `${name}: ${this.refusals.get(name) ?? 'never asked'}`);
  }
}

const nameOf = ({ method, path }: Operation) => `${method.toUpperCase()} ${path}`;
