import pg from 'pg';
import type { Session } from '#contracts/auth';
import { startTestSystem, type TestSystem } from '#testing/system';
import { send, type Answer, type Sent } from './wire.js';

/** A sign-in as an API client has it. */
export type SignedIn = Session;

/** The whole system with two replicas of auth and of the gateway, behind the one proxy that we play ourselves. */
export class Rig {
  private addresses = 0;

  private constructor(
    private readonly tested: TestSystem,
    /** Auth's database, as the schema's owner. */
    readonly db: pg.Client,
  ) {}

  static async start(): Promise<Rig> {
    const replicas = { auth: 2, gateway: 2 };
    const tested = await startTestSystem({ replicas, extraEnv: { gateway: { TRUST_PROXY: '1' } } });
    const db = new pg.Client({ connectionString: tested.system.databases.auth.owner });
    await db.connect();
    return new Rig(tested, db);
  }

  async stop(): Promise<void> {
    await this.db.end();
    await this.tested.close();
  }

  get system() {
    return this.tested.system;
  }

  /** Where each gateway listens. */
  get gateways(): [string, string] {
    return [this.system.healthUrl('gateway'), this.system.healthUrl('gateway-2')];
  }

  /** A network address that nobody has used before. */
  newAddress(): string {
    this.addresses += 1;
    return `198.51.${this.addresses >> 8}.${this.addresses & 255}`;
  }

  passwordOf(username: string): string {
    const account = this.system.accounts.find((one) => one.username === username);
    if (!account) throw new Error(`No demo account ${username}`);
    return account.password;
  }

  /** As the proxy in front passes it on: it adds the address that it sees to whatever the caller wrote. */
  call(path: string, { from = '192.0.2.1', gateway = 0, headers, ...sent }: Call = {}): Promise<Answer> {
    const written = headers?.['x-forwarded-for'];
    const forwarded = written === undefined ? from : `${String(written)}, ${from}`;
    const url = `${this.gateways[gateway]}/api/v1${path}`;
    return send(url, { ...sent, headers: { ...headers, 'x-forwarded-for': forwarded } });
  }

  login(username: string, password: string, call: Call = {}): Promise<Answer> {
    const body = { username, password, tokenDelivery: 'body' };
    return this.call('/auth/login', { method: 'POST', body, ...call });
  }

  async signIn(username: string, password = this.passwordOf(username), call: Call = {}): Promise<SignedIn> {
    return sessionOf(await this.login(username, password, call));
  }

  refresh(refreshToken: string, call: Call = {}): Promise<Answer> {
    return this.call('/auth/refresh', { method: 'POST', body: { refreshToken }, ...call });
  }

  as({ accessToken }: Pick<SignedIn, 'accessToken'>, path: string, call: Call = {}): Promise<Answer> {
    return this.call(path, { ...call, headers: { ...call.headers, authorization: `Bearer ${accessToken}` } });
  }

  /** A new salesperson whose password need not be changed. */
  async newcomer(username: string): Promise<{ id: string; username: string; password: string }> {
    const admin = await this.signIn('admin');
    const body = { username, displayName: username, role: 'salesperson', password: 'first-password' };
    const created = await this.as(admin, '/users', { method: 'POST', body });
    const { id } = JSON.parse(created.text) as { id: string };
    await this.db.query(`UPDATE users SET must_change_password = false WHERE id = $1`, [id]);
    return { id, username, password: body.password };
  }
}

export interface Call extends Sent {
  /** The caller's network address. */
  from?: string;
  gateway?: 0 | 1;
}

export function sessionOf(answer: Answer): SignedIn {
  if (answer.status !== 200) throw new Error(`No session: ${answer.status} ${answer.text}`);
  return JSON.parse(answer.text) as SignedIn;
}
