import type { components } from './schema.js';

export type Problem = components['schemas']['Problem'];
export type FieldFault = NonNullable<Problem['errors']>[number];

/** What the API refused, as it told it. Thrown by each call that isn't answered with what was asked for. */
export class ProblemError extends Error {
  constructor(
    readonly problem: Problem,
    private readonly response: Response,
  ) {
    super(problem.title);
    this.name = 'ProblemError';
  }

  static async of(response: Response): Promise<ProblemError> {
    const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json');
    const title = response.statusText || `HTTP ${response.status}`;
    // A proxy on the way may have answered in its own words.
    const unknown = { type: 'about:blank', title, status: response.status };
    const problem = isProblem ? ((await response.json().catch(() => unknown)) as Problem) : unknown;
    return new ProblemError(problem, response);
  }

  get status(): number {
    return this.response.status;
  }

  /** What names the problem for good: `possible-duplicate`. */
  get slug(): string {
    return this.problem.type.replace(/^urn:hongfuxing:problem:/, '');
  }

  /** The wrong fields; none where the problem isn't about fields. */
  get faults(): FieldFault[] {
    return this.problem.errors ?? [];
  }

  /** Seconds after which it is worth asking again, where the API says so. */
  get retryAfter(): number | undefined {
    const seconds = this.response.headers.get('retry-after');
    return seconds === null ? undefined : Number(seconds);
  }

  /** By this the request is found in the logs. */
  get requestId(): string | undefined {
    return this.response.headers.get('x-request-id') ?? undefined;
  }
}
