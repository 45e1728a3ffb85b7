export interface Request {
  method: string;
  /** With its query. */
  path: string;
  body?: object;
  /** Handed in as the form's one file. */
  file?: { name: string; text: string };
  headers?: Record<string, string>;
  /** How long it may take, ms. */
  within?: number;
}

/** An answer to the last byte. */
export interface Answer {
  status: number;
  text: string;
  headers: Record<string, string>;
}

/** One user's session, or with no token nobody's. Says what was answered, whatever it was. */
export class Client {
  constructor(
    readonly url: string,
    readonly userId = '',
    readonly token?: string,
    /** What else a session has, where a request is about just that. */
    readonly credentials: { username: string; password: string; refreshToken: string } = NOTHING,
  ) {}

  async send({ method, path, body, file, headers, within }: Request): Promise<Answer> {
    const form = new FormData();
    if (file) form.append('file', new Blob([file.text]), file.name);
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
        ...(body && { 'content-type': 'application/json' }),
        ...((method === 'PATCH' || method === 'DELETE') && { 'if-match': '*' }),
        ...headers,
      },
      body: file ? form : body && JSON.stringify(body),
      signal: within === undefined ? undefined : AbortSignal.timeout(within),
    });
    return { status: response.status, text: await textOf(response), headers: Object.fromEntries(response.headers) };
  }

  /** For what has to succeed. `path` is below `/api/v1`. */
  async must<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await this.send({ method, path: `/api/v1${path}`, body });
    if (answer.status >= 300) throw new Error(`${method} ${path} gave ${answer.status}: ${answer.text}`);
    return (answer.text === '' ? {} : JSON.parse(answer.text)) as T;
  }

  /** Nobody, but one who knows how he would sign in. */
  signedOut = () => new Client(this.url, '', undefined, this.credentials);
  get = <T>(path: string) => this.must<T>('GET', path);
  post = <T = Made>(path: string, body: object = {}) => this.must<T>('POST', path, body);

  /** Every item of a list, page by page. */
  async all<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const glue = path.includes('?') ? '&' : '?';
      const page: { items: T[]; nextCursor: string | null } = await this.get(
        `${path}${glue}limit=200${cursor && `&cursor=${cursor}`}`,
      );
      items.push(...page.items);
      cursor = page.nextCursor;
    }
    return items;
  }
}

export interface Made {
  id: string;
}

const NOTHING = { username: '', password: '', refreshToken: '' };

export async function signIn(url: string, username: string, password: string): Promise<Client> {
  const session = await new Client(url).post<{ accessToken: string; refreshToken: string; user: { id: string } }>(
    '/auth/login',
    { username, password, tokenDelivery: 'body' },
  );
  const { accessToken, refreshToken, user } = session;
  return new Client(url, user.id, accessToken, { username, password, refreshToken });
}

/** All of it; of what never ends, how it begins. */
async function textOf(response: Response): Promise<string> {
  if (response.headers.get('content-type') !== 'text/event-stream' || !response.body) return response.text();
  const reader = response.body.getReader();
  const { value } = await reader.read();
  await reader.cancel();
  return new TextDecoder().decode(value);
}

let newcomers = 0;

/** A user of his own, who has signed in and changed his first password. */
export async function newcomer(admin: Client, role: string): Promise<Client> {
  newcomers += 1;
  const username = `newcomer${newcomers}`;
  const first = 'first-password-1';
  await admin.post('/users', { username, displayName: `新人${newcomers}`, role, password: first });
  const beginner = await signIn(admin.url, username, first);
  const password = 'second-password-2';
  await beginner.must('POST', '/me/password', { currentPassword: first, newPassword: password });
  return signIn(admin.url, username, password);
}
