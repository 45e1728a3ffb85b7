import request, { type Response, type Test } from 'supertest';

const BASE = '/api/v1';

/** A client of the public API with one user's session, as a program of someone else's would have it. */
export class Api {
  constructor(
    private readonly url: string,
    private readonly token: string | undefined,
    readonly userId: string,
  ) {}

  get = (path: string) => this.send('get', path);
  post = (path: string, body?: object) => this.send('post', path, body);
  /** `version` defaults to whatever stands there now. */
  patch = (path: string, body: object, version: number | '*' = '*') => this.send('patch', path, body, version);
  delete = (path: string, version: number | '*' = '*') => this.send('delete', path, undefined, version);

  /** Hands a file in, and gives the job as it stands at first. */
  importFile(kind: string, file: string | Buffer, query = ''): Test {
    return this.authorized(request(this.url).post(`${BASE}/imports/${kind}${query}`)).attach(
      'file',
      typeof file === 'string' ? Buffer.from(file) : file,
      `${kind}.csv`,
    );
  }

  /** Every item of a list, page by page. */
  async all<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | null = null;
    do {
      const glue: string = path.includes('?') ? '&' : '?';
      const page: Response = await this.get(
        `${path}${glue}limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
      ).expect(200);
      const body = page.body as { items: T[]; nextCursor: string | null };
      items.push(...body.items);
      cursor = body.nextCursor;
    } while (cursor);
    return items;
  }

  private send(method: 'get' | 'post' | 'patch' | 'delete', path: string, body?: object, version?: number | '*'): Test {
    const test = this.authorized(request(this.url)[method](`${BASE}${path}`));
    if (version !== undefined) void test.set('If-Match', version === '*' ? '*' : `"${version}"`);
    return body === undefined ? test : test.send(body);
  }

  private authorized(test: Test): Test {
    return this.token === undefined ? test : test.set('Authorization', `Bearer ${this.token}`);
  }
}

/** No one: for what may be asked without a session. */
export const anonymous = (url: string): Api => new Api(url, undefined, '');

export async function signIn(url: string, account: { username: string; password: string }): Promise<Api> {
  const { username, password } = account;
  const { body } = await request(url)
    .post(`${BASE}/auth/login`)
    .send({ username, password, tokenDelivery: 'body' })
    .expect(200);
  const session = body as { accessToken: string; user: { id: string } };
  return new Api(url, session.accessToken, session.user.id);
}
