import { setTimeout as pause } from 'node:timers/promises';

export interface Account {
  username: string;
  password: string;
}

/** Longer than any container of the story is away. */
const PATIENCE_MS = 120_000;

/** Works through the API as a client does that was told to repeat what failed. */
export class Person {
  private token = '';

  constructor(
    private readonly url: string,
    private readonly account: Account,
  ) {}

  async signIn(): Promise<void> {
    const { username, password } = this.account;
    const answer = await this.send('POST', '/auth/login', { username, password, tokenDelivery: 'body' });
    if (answer.status !== 200) throw new Error(`Signing in was answered with ${answer.status}: ${await answer.text()}`);
    this.token = ((await answer.json()) as { accessToken: string }).accessToken;
  }

  get<T>(path: string): Promise<T> {
    return this.insist<T>('GET', path);
  }

  /** The whole of a list, page by page. */
  async all<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    for (let cursor = ''; ;) {
      const page = await this.get<{ items: T[]; nextCursor: string | null }>(`${path}?limit=200${cursor}`);
      items.push(...page.items);
      if (page.nextCursor === null) return items;
      cursor = `&cursor=${page.nextCursor}`;
    }
  }

  /** Repeated under the same key until it is done: that does it once. */
  post<T>(path: string, body: object): Promise<T> {
    return this.insist<T>('POST', path, body, crypto.randomUUID());
  }

  private async insist<T>(method: string, path: string, body?: object, key?: string): Promise<T> {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      const { status, text } = await this.attempt(method, path, body, key);
      if (status >= 200 && status < 300) return JSON.parse(text) as T;
      const isOver = performance.now() > end;
      const again = status === 401 || status === 429 || status >= 500;
      if (!again || isOver) throw new Error(`${method} ${path} was answered with ${status}: ${text}`);
      if (status === 401) await this.signIn().catch(() => undefined);
      await pause(250);
    }
  }

  private async attempt(method: string, path: string, body?: object, key?: string) {
    try {
      const answer = await this.send(method, path, body, key);
      return { status: answer.status, text: await answer.text() };
    } catch (error) {
      return { status: 599, text: String(error) };
    }
  }

  private send(method: string, path: string, body?: object, key?: string): Promise<Response> {
    return fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        ...(this.token && { authorization: `Bearer ${this.token}` }),
        ...(body && { 'content-type': 'application/json' }),
        ...(key && { 'idempotency-key': key }),
      },
      body: body && JSON.stringify(body),
      // The product answers within five.
      signal: AbortSignal.timeout(8_000),
    });
  }
}
