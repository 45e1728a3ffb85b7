import fc from 'fast-check';
import { ABSOLUTE_LIFE_MS, GRACE_MS, judgeRefresh, newRefreshToken, refreshTokenHash } from './session.rules.js';

const start = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const at = (ms: number) => new Date(start + ms);
const session = { generation: 3, rotatedAt: at(0), expiresAt: at(ABSOLUTE_LIFE_MS), endedAt: null };

describe('a refresh token', () => {
  it('of the live generation is rotated', () => {
    expect(judgeRefresh(session, 3, at(0))).toBe('rotate');
    expect(judgeRefresh(session, 3, at(6 * DAY))).toBe('rotate');
  });

  it('of the one before is answered once more within the grace, and betrays the family after it', () => {
    expect(judgeRefresh(session, 2, at(0))).toBe('repeat');
    expect(judgeRefresh(session, 2, at(GRACE_MS))).toBe('repeat');
    expect(judgeRefresh(session, 2, at(GRACE_MS + 1))).toBe('reused');
  });

  it('of an older one betrays the family at once', () => {
    expect(judgeRefresh(session, 1, at(0))).toBe('reused');
  });

  it('is worth nothing once the session has ended, was idle for a week, or is a month old', () => {
    expect(judgeRefresh({ ...session, endedAt: at(0) }, 3, at(1))).toBe('ended');
    expect(judgeRefresh(session, 3, at(7 * DAY))).toBe('ended');
    const busy = { ...session, rotatedAt: at(30 * DAY - HOUR) };
    expect(judgeRefresh(busy, 3, at(30 * DAY - 1))).toBe('rotate');
    expect(judgeRefresh(busy, 3, at(30 * DAY))).toBe('ended');
  });

  it('never makes a second live branch: only the live generation is rotated [P11]', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }), fc.nat(), (live, shown, ms) => {
        const verdict = judgeRefresh({ ...session, generation: Math.max(live, shown) }, shown, at(ms % (7 * DAY)));
        expect(verdict === 'rotate').toBe(shown >= live);
      }),
    );
  });

  it('has 256 random bits, of which only a digest is kept', () => {
    const token = newRefreshToken();
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(newRefreshToken()).not.toBe(token);
    expect(refreshTokenHash(token)).toHaveLength(32);
    expect(refreshTokenHash(token)).not.toEqual(Buffer.from(token, 'base64url'));
  });
});
