import fc from 'fast-check';
import * as auth from '#contracts/auth';
import { PASSWORD, sales, type AuthService, type Session } from './auth-service.js';

const DAY = 86_400;
/** As the design has it, said once more. Seconds. */
const GRACE = 5;
const IDLE = 7 * DAY;
const LIFE = 30 * DAY;
const ACCESS = 300;

/** A session that ended long ago may have been swept away meanwhile. */
const NONE = expect.stringMatching(/^(session-ended|invalid-refresh-token)$/) as string;

interface Family {
  /** The latest session that the service gave in it. */
  session: Session;
  /** Its refresh tokens, the live one last. */
  tokens: string[];
  openedAt: number;
  rotatedAt: number;
  ended: boolean;
}

/** What one user's sessions should be worth. Its clock counts seconds, as the service's does. */
export class Model {
  private static people = 0;
  now = 0;
  password = PASSWORD;
  readonly families: Family[] = [];

  private constructor(
    readonly username: string,
    readonly userId: string,
  ) {}

  static async ofSomeoneNew(service: AuthService): Promise<Model> {
    const username = `model${++Model.people}`;
    await service.create([sales(username)]);
    const [row] = await service.db.dataSource.query<{ id: string }[]>(`SELECT id FROM users WHERE username = $1`, [
      username,
    ]);
    return new Model(username, row!.id);
  }

  lives({ ended, openedAt, rotatedAt }: Family): boolean {
    return !ended && this.now - openedAt < LIFE && this.now - rotatedAt < IDLE;
  }

  pick(n: number): Family {
    return this.families[n % this.families.length]!;
  }

  /** Whether the family's access token may still ask something of auth. */
  asks(family: Family): boolean {
    return this.lives(family) && this.now - family.rotatedAt < ACCESS;
  }
}

interface Real {
  service: AuthService;
  admin: () => Promise<Session>;
}

/** One thing that happens; after each of them every session must be as alive as the model says. */
abstract class Step implements fc.AsyncCommand<Model, Real> {
  abstract check(model: Model): boolean;
  abstract act(model: Model, real: Real): Promise<void>;

  async run(model: Model, real: Real): Promise<void> {
    await this.act(model, real);
    for (const family of model.families) expect(await real.service.isAlive(family.session)).toBe(model.lives(family));
  }
}

class SignIn extends Step {
  check = () => true;
  async act(model: Model, { service }: Real) {
    const session = await service.signIn(model.username, model.password);
    const { now } = model;
    model.families.push({ session, tokens: [session.refreshToken], openedAt: now, rotatedAt: now, ended: false });
  }
  override toString = () => 'signs in';
}

class Refresh extends Step {
  constructor(
    private readonly which: number,
    private readonly back: number,
    private readonly times: number,
  ) {
    super();
  }
  check = (model: Readonly<Model>) => model.families.length > 0;

  async act(model: Model, { service }: Real) {
    const family = model.pick(this.which);
    const at = Math.max(0, family.tokens.length - 1 - this.back);
    const answers = await Promise.allSettled(
      Array.from({ length: this.times }, () => service.refresh(family.tokens[at]!)),
    );
    const child = expected(model, family, at);
    for (const answer of answers) {
      if (child === 'none') expect(answer).toMatchObject({ status: 'rejected', reason: { slug: NONE } });
      else expect(answer).toMatchObject({ status: 'fulfilled', value: { user: { username: model.username } } });
    }
    const given = answers.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    if (child === 'new') {
      family.tokens.push(given[0]!.refreshToken);
      family.rotatedAt = model.now;
    }
    if (child !== 'none') family.session = given[0]!;
    for (const { refreshToken } of given) expect(refreshToken).toBe(family.tokens.at(-1));
    expect(new Set(family.tokens).size).toBe(family.tokens.length);
  }
  override toString = () => `refreshes with token −${this.back} of family ${this.which}, ${this.times} at once`;
}

/** What the `at`-th token of the family gives, and what that does to the family. */
function expected(model: Model, family: Family, at: number): 'new' | 'same' | 'none' {
  const last = family.tokens.length - 1;
  // Showing what has ended already betrays nothing more.
  if (!model.lives(family)) return 'none';
  if (at === last) return 'new';
  if (at === last - 1 && model.now - family.rotatedAt <= GRACE) return 'same';
  family.ended = true;
  return 'none';
}

class Wait extends Step {
  constructor(private readonly seconds: number) {
    super();
  }
  check = () => true;
  async act(model: Model, { service }: Real) {
    service.clock.advance(this.seconds);
    model.now += this.seconds;
  }
  override toString = () => `${this.seconds} s pass`;
}

/** What the user does with the access token of one of his sessions. */
class Ask extends Step {
  constructor(
    private readonly what: 'signs out' | 'signs out everywhere' | 'changes his password',
    private readonly which: number,
  ) {
    super();
  }
  check = (model: Readonly<Model>) => model.families.length > 0 && model.asks(model.pick(this.which));

  async act(model: Model, { service }: Real) {
    const mine = model.pick(this.which);
    const others = model.families.filter((one) => one !== mine);
    if (this.what === 'signs out') await service.ask(auth.logout, {}, mine.session);
    if (this.what === 'signs out everywhere') await service.ask(auth.logoutAll, {}, mine.session);
    if (this.what === 'changes his password') {
      const newPassword = `${PASSWORD}-${crypto.randomUUID()}`;
      await service.ask(auth.changePassword, { currentPassword: model.password, newPassword }, mine.session);
      model.password = newPassword;
    }
    if (this.what !== 'changes his password') mine.ended = true;
    if (this.what !== 'signs out') for (const family of others) family.ended = true;
  }
  override toString = () => `${this.what} in family ${this.which}`;
}

/** What the administrator does to him. */
class Manage extends Step {
  constructor(private readonly what: 'disabled for a while' | 'given a new password' | 'made finance') {
    super();
  }
  check = () => true;

  async act(model: Model, { service, admin }: Real) {
    const { userId } = model;
    const by = await admin();
    if (this.what === 'disabled for a while') {
      await service.ask(auth.disableUser, { userId }, by);
      await service.ask(auth.enableUser, { userId }, by);
    }
    if (this.what === 'given a new password')
      model.password = (await service.ask(auth.resetPassword, { userId }, by)).password;
    if (this.what === 'made finance') {
      const { role } = await service.ask(auth.getUser, { userId }, by);
      await service.ask(auth.updateUser, { userId, patch: { role: 'finance' } }, by);
      if (role === 'finance') return;
    }
    for (const family of model.families) family.ended = true;
  }
  override toString = () => `is ${this.what}`;
}

const which = fc.nat(3);
const signIn = fc.constant(new SignIn());
const refresh = fc
  .tuple(which, fc.constantFrom(0, 0, 0, 1, 1, 2, 5), fc.integer({ min: 1, max: 4 }))
  .map((drawn) => new Refresh(...drawn));
const moment = fc.constantFrom(1, 3, 5, 6, 100).map((seconds) => new Wait(seconds));
const days = fc.constantFrom(1, 4, 7, 29).map((n) => new Wait(n * DAY));
const ask = fc
  .tuple(fc.constantFrom('signs out', 'signs out everywhere', 'changes his password'), which)
  .map(([what, n]) => new Ask(what, n));
const manage = fc
  .constantFrom('disabled for a while', 'given a new password', 'made finance')
  .map((what) => new Manage(what));

/** Each is drawn as often as it stands here: what ends everything now and then, refreshes above all. */
export const commands: fc.Arbitrary<fc.AsyncCommand<Model, Real>>[] = [
  ...Array<typeof signIn>(5).fill(signIn),
  ...Array<typeof refresh>(10).fill(refresh),
  ...Array<typeof moment>(4).fill(moment),
  ...Array<typeof ask>(3).fill(ask),
  days,
  manage,
];
