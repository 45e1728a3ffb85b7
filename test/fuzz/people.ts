import { newcomer, signIn, type Client } from '../access/client.js';

/** Whoever asks: a session for each role, and another one when what was asked for has ended it. */
export class People {
  private readonly sessions = new Map<string, Promise<Client>>();
  private readonly known: Client[] = [];

  constructor(
    /** Never named by a request, so that nobody can end him; his session is renewed when its time is over. */
    private root: Client,
    private readonly nobody: Client,
  ) {}

  as(role: string): Promise<Client> {
    if (role === 'anonymous') return Promise.resolve(this.nobody);
    const known = this.sessions.get(role);
    return known ?? this.begin(role, this.someone(role));
  }

  /** His session is over, or he is: the next request comes from another session, or from somebody like him. */
  async renew(role: string, ended: Client): Promise<void> {
    if ((await this.sessions.get(role)) !== ended) return;
    const { username, password } = ended.credentials;
    await this.begin(
      role,
      signIn(ended.url, username, password).catch(() => this.someone(role)),
    );
  }

  /** Passwords and tokens that were used. */
  secrets(): string[] {
    return [this.root, ...this.known].flatMap(({ token = '', credentials: { password, refreshToken } }) => [
      token,
      password,
      refreshToken,
    ]);
  }

  private begin(role: string, session: Promise<Client>): Promise<Client> {
    this.sessions.set(role, session);
    return session;
  }

  /** Whoever is new may meet a request that is about him before he has begun: then there comes another. */
  private async someone(role: string, tries = 5): Promise<Client> {
    try {
      const client = await newcomer(this.root, role);
      this.known.push(client);
      return client;
    } catch (error) {
      if (tries === 0) throw error;
      const { username, password } = this.root.credentials;
      this.known.push((this.root = await signIn(this.root.url, username, password)));
      return this.someone(role, tries - 1);
    }
  }
}
