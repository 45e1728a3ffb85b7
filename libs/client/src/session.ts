import { ProblemError } from './problem.js';
import type { operations } from './schema.js';

type SignedIn = operations['session.login']['responses'][200]['content']['application/json'];
export type Credentials = Pick<
  operations['session.login']['requestBody']['content']['application/json'],
  'username' | 'password'
>;

export interface SessionOptions {
  /** Where the API is; left out: where the page came from. */
  url: string;
  /**
   * How the refresh token is kept: a browser's cookie keeps it from scripts; a program has it in the answer's body.
   */
  tokenDelivery: 'cookie' | 'body';
  /** Of messages and printed matter; asked for at each call. */
  language?: () => string;
  fetch: typeof fetch;
}

/** A session as its holder has it: the access token, and how to get the next one. */
export class Session {
  private accessToken?: string;
  private refreshToken?: string;
  private renewing?: Promise<boolean>;

  constructor(private readonly options: SessionOptions) {}

  /** Errors: `ProblemError`, such as `bad-credentials`, `too-many-attempts`. */
  async signIn({ username, password }: Credentials): Promise<SignedIn> {
    const { tokenDelivery } = this.options;
    return this.take(await this.post('/auth/login', { username, password, tokenDelivery }));
  }

  /** With a token that was got elsewhere, such as an API token. */
  use(accessToken: string): void {
    this.accessToken = accessToken;
  }

  /**
   * A new access token; false when the session has ended. Whoever asks meanwhile shares the answer: a refresh token is
   * good for one time. Errors: `ProblemError` when nobody can tell, and what `fetch` throws.
   */
  async renew(): Promise<boolean> {
    this.renewing ??= this.askForNext().finally(() => (this.renewing = undefined));
    return this.renewing;
  }

  /** Sends a request in the session's name, and once more with a new token if its own has run out. */
  async send(request: Request): Promise<Response> {
    const again = request.clone();
    const usedToken = this.accessToken;
    const response = await this.options.fetch(this.dressed(request));
    if (response.status !== 401) return response;
    // Another call may have renewed it while this one was on its way.
    const renewed = this.accessToken !== usedToken || (await this.renew());
    if (!renewed) return response;
    await response.body?.cancel();
    return this.options.fetch(this.dressed(again));
  }

  /** The session ends at the API, and here in any case. Errors: `ProblemError`, if the API couldn't be told. */
  async signOut(): Promise<void> {
    const response = await this.send(this.request('/auth/logout')).finally(() => this.forget());
    if (!response.ok && response.status !== 401) throw await ProblemError.of(response);
  }

  private async askForNext(): Promise<boolean> {
    const { tokenDelivery } = this.options;
    if (tokenDelivery === 'body' && this.refreshToken === undefined) return false;
    try {
      await this.take(await this.post('/auth/refresh', { refreshToken: this.refreshToken, tokenDelivery }));
      return true;
    } catch (error) {
      if (!(error instanceof ProblemError) || error.status !== 401) throw error;
      this.forget();
      return false;
    }
  }

  private async take(response: Response): Promise<SignedIn> {
    const signedIn = (await response.json()) as SignedIn;
    this.accessToken = signedIn.accessToken;
    this.refreshToken = signedIn.refreshToken;
    return signedIn;
  }

  private forget(): void {
    this.accessToken = undefined;
    this.refreshToken = undefined;
  }

  private async post(path: string, body: object): Promise<Response> {
    const response = await this.options.fetch(this.dressed(this.request(path, body)));
    if (!response.ok) throw await ProblemError.of(response);
    return response;
  }

  private request(path: string, body?: object): Request {
    return new Request(`${this.options.url}/api/v1${path}`, {
      method: 'POST',
      body: body && JSON.stringify(body),
      // Without the last one the refresh cookie isn't believed.
      headers: { ...(body && { 'content-type': 'application/json' }), 'x-requested-with': 'hfx' },
    });
  }

  private dressed(request: Request): Request {
    const language = this.options.language?.();
    if (language !== undefined) request.headers.set('accept-language', language);
    if (this.accessToken !== undefined) request.headers.set('authorization', `Bearer ${this.accessToken}`);
    return request;
  }
}
