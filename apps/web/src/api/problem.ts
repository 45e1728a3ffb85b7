/** What the API says when it refuses (RFC 9457), in the user's language. */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  errors?: { pointer: string; code: string; message: string }[];
  [member: string]: unknown;
}

/** A refused request. Status 0: nobody answered. */
export class Problem extends Error {
  readonly status: number;
  /** The stable part of the problem's type: `stale-version`. */
  readonly slug: string;

  constructor(
    readonly body: ProblemBody,
    readonly retryAfter?: number,
  ) {
    super(body.title);
    this.status = body.status;
    this.slug = body.type.split(':').at(-1) ?? '';
  }
}

export const isProblem = (error: unknown, slug: string): error is Problem =>
  error instanceof Problem && error.slug === slug;

export async function problemFrom(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => null)) as ProblemBody | null;
  const seconds = Number(response.headers.get('retry-after'));
  return new Problem(
    body?.type
      ? body
      : { type: 'urn:hongfuxing:problem:unreadable', title: response.statusText, status: response.status },
    seconds > 0 ? seconds : undefined,
  );
}
