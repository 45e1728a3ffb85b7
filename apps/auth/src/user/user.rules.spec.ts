import { User as UserShape, userChanged } from '#contracts/auth';
import { ROLES, type Role } from '#contracts/context';
import { User } from './user.entity.js';
import {
  assertAdministratorLeft,
  assertManagesUsers,
  assertNotOneself,
  losesAdministrator,
  newUsername,
  stateOf,
  viewOf,
} from './user.rules.js';

const now = new Date('2026-01-01T00:00:00Z');
const id = '0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a';
const profile = { username: 'anna', displayName: '安娜', role: 'finance' as const };
const user = () => User.create(id, profile, { hash: 'hash', mustChange: true }, now);
const actor = (role: Role) => ({ userId: id, username: 'a', role, sessionId: id });

describe('a user name', () => {
  it.each(['anna', 'ANNA', ' anna\t', 'ａｎｎａ', 'ＡＮＮＡ'])('%j is anna', (username) => {
    expect(newUsername(username)).toBe('anna');
  });

  it.each(['', 'a', 'two words', 'a\u0000b', '①!', 'x'.repeat(65)])('is not %j', (username) => {
    expect(() => newUsername(username)).toThrow(expect.objectContaining({ kind: 'invalid', slug: 'validation' }));
  });
});

describe('an administrator', () => {
  it('is lost by disabling or demoting him, while he is active', () => {
    const [active, disabled] = [
      { role: 'administrator' as const, active: true },
      { role: 'administrator' as const, active: false },
    ];
    const demoted = { role: 'finance' as const, active: true };
    expect(losesAdministrator(active, disabled)).toBe(true);
    expect(losesAdministrator(active, demoted)).toBe(true);
    expect(losesAdministrator(active, active)).toBe(false);
    expect(losesAdministrator(disabled, { ...disabled, role: 'finance' })).toBe(false);
    expect(losesAdministrator(demoted, active)).toBe(false);
  });

  it('must be left', () => {
    expect(() => assertAdministratorLeft(1)).toThrow('last-administrator');
    expect(() => assertAdministratorLeft(2)).not.toThrow();
  });

  it('alone manages users, once his password is his own', () => {
    for (const role of ROLES) {
      const check = () => assertManagesUsers(actor(role));
      if (role === 'administrator') expect(check).not.toThrow();
      else expect(check).toThrow('forbidden');
    }
    const first = { ...actor('administrator'), mustChangePassword: true };
    expect(() => assertManagesUsers(first)).toThrow('password-change-required');
  });

  it('does not disable himself', () => {
    expect(() => assertNotOneself(actor('administrator'), id)).toThrow('cannot-disable-oneself');
    expect(() => assertNotOneself(actor('administrator'), crypto.randomUUID())).not.toThrow();
  });
});

describe('a user', () => {
  it('is shown and told as the contracts say, without the password', () => {
    expect(UserShape.strict().parse(viewOf(user()))).toMatchObject({
      ...profile,
      version: 1,
      mustChangePassword: true,
    });
    const { aggregateId, version, data } = stateOf(user());
    expect({ aggregateId, version }).toEqual({ aggregateId: id, version: 1 });
    const told = { id, ...profile, email: null, teamId: null, language: null, active: true };
    expect(userChanged.data.parse(data)).toEqual(told);
    expect(JSON.stringify([viewOf(user()), data])).not.toContain('hash');
  });

  it('has a newer version after each act', () => {
    const later = new Date('2026-02-01T00:00:00Z');
    const acts: ((one: User) => void)[] = [
      (one) => one.edit({ displayName: '安' }, later),
      (one) => one.disable(later),
      (one) => one.enable(later),
      (one) => one.setPassword('other', false, later),
    ];
    for (const act of acts) {
      const one = user();
      act(one);
      expect(one).toMatchObject({ version: 2, updatedAt: later, createdAt: now });
    }
  });

  it('is edited only where something is named', () => {
    const one = User.create(id, { ...profile, email: 'a@example.com' }, { hash: 'hash', mustChange: true }, now);
    one.edit({ displayName: undefined, role: 'salesperson' }, now);
    expect(one).toMatchObject({ displayName: '安娜', role: 'salesperson', email: 'a@example.com' });
    one.edit({ email: null }, now);
    expect(one).toMatchObject({ role: 'salesperson', email: null });
  });
});
