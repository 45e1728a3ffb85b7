import { parseOptions } from '@node-rs/argon2';
import { NewPassword } from '#contracts/auth';
import { hashPassword, oneTimePassword, passwordFrom, Passwords } from './password.js';

describe('passwords', () => {
  it('are kept as argon2id of the recommended cost [P10]', async () => {
    const kept = await hashPassword('correct horse');
    expect(kept).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(parseOptions(kept)).toMatchObject({ memoryCost: 19_456, timeCost: 2, parallelism: 1, saltLen: 16 });
    expect(await hashPassword('correct horse')).not.toBe(kept);
  });

  it('match their own hash alone, and nobody has none', async () => {
    const passwords = new Passwords();
    const kept = await hashPassword('correct horse');
    expect(await passwords.matches(kept, 'correct horse')).toBe(true);
    expect(await passwords.matches(kept, 'correct horsE')).toBe(false);
    expect(await passwords.matches(undefined, 'correct horse')).toBe(false);
  });

  it('of one time are fit to be used, and never the same', () => {
    const made = Array.from({ length: 100 }, () => oneTimePassword());
    expect(new Set(made).size).toBe(100);
    for (const password of made) expect(NewPassword.safeParse(password).success).toBe(true);
  });

  it('derived from the same bits are the same', () => {
    const bits = Buffer.alloc(32, 7);
    expect(passwordFrom(bits)).toBe(passwordFrom(Buffer.from(bits)));
    expect(passwordFrom(Buffer.alloc(32, 8))).not.toBe(passwordFrom(bits));
    expect(passwordFrom(bits)).toMatch(/^[a-zA-Z2-9]{16}$/);
  });
});
