import { Vault } from './vault.js';

const vault = new Vault('a secret of the tests, long enough to be one');
const stranger = new Vault('another secret of the tests, as long as that');

describe('the vault', () => {
  it('opens what it sealed, and seals the same text differently each time', () => {
    const sealed = vault.seal('signing-key', 'k1', 'text 文字');
    expect(vault.open('signing-key', 'k1', sealed)).toBe('text 文字');
    expect(vault.seal('signing-key', 'k1', 'text 文字')).not.toBe(sealed);
    expect(Buffer.from(sealed, 'base64url').toString('utf8')).not.toContain('text');
  });

  it('opens nothing of another secret, context or content', () => {
    const sealed = vault.seal('signing-key', 'k1', 'text');
    expect(() => stranger.open('signing-key', 'k1', sealed)).toThrow();
    expect(() => vault.open('signing-key', 'k2', sealed)).toThrow();
    const tampered = Buffer.from(sealed, 'base64url');
    tampered[tampered.length - 1]! ^= 1;
    expect(() => vault.open('signing-key', 'k1', tampered.toString('base64url'))).toThrow();
  });

  it('derives the same again, and something else for another purpose, secret or input', () => {
    const derived = vault.derive('refresh-token', 'parent').toString('hex');
    expect(derived).toHaveLength(64);
    expect(vault.derive('refresh-token', 'parent').toString('hex')).toBe(derived);
    const others = [
      vault.derive('refresh-token', 'other'),
      vault.derive('initial-password', 'parent'),
      stranger.derive('refresh-token', 'parent'),
    ];
    expect(others.map((other) => other.toString('hex'))).not.toContain(derived);
  });
});
