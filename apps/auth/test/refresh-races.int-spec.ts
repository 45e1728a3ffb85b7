import * as auth from '#contracts/auth';
import { randomFrom, scale } from '#testing/scale';
import { sales, sessionIdOf, startAuth, type AuthService, type Session } from './auth-service.js';

const ROUNDS = scale(1_000, 10_000);
/** Families that race beside each other: the next begins while another waits. */
const LANES = 4;

/** A family as the client who has followed it knows it: its tokens, the live one last. */
interface Family {
  session: Session;
  tokens: string[];
}
type Outcome = { child: string } | { slug: string };

let service: AuthService;
beforeAll(async () => {
  const accounts = Array.from({ length: LANES }, (_, lane) => sales(`lane${lane}`));
  service = await startAuth(accounts, { replicas: 2 });
});
afterAll(() => service?.close());

const refresh = (token: string): Promise<Outcome> =>
  service.refresh(token).then(
    ({ refreshToken }) => ({ child: refreshToken }),
    ({ slug }: { slug: string }) => ({ slug }),
  );
const open = async (lane: number): Promise<Family> => {
  const session = await service.signIn(`lane${lane}`);
  return { session, tokens: [session.refreshToken] };
};
const live = ({ tokens }: Family) => tokens.at(-1)!;

async function stateOf({ session }: Family) {
  const [state] = await service.db.dataSource.query<{ ended: boolean; generation: number; tokens: number }[]>(
    `SELECT ended_at IS NOT NULL AS ended, s.generation, count(t.hash)::int AS tokens
     FROM sessions s JOIN refresh_tokens t ON t.session_id = s.id WHERE s.id = $1 GROUP BY s.id`,
    [sessionIdOf(session)],
  );
  return state;
}

async function expectAlive(family: Family) {
  const { length } = family.tokens;
  expect(await stateOf(family)).toEqual({ ended: false, generation: length, tokens: length });
}

async function expectDead(family: Family, more: string[] = []) {
  expect(await stateOf(family)).toMatchObject({ ended: true });
  expect(await service.isAlive(family.session)).toBe(false);
  for (const token of [...family.tokens.slice(-4), ...more])
    expect(await refresh(token)).toEqual({ slug: 'session-ended' });
  expect(await service.events(sessionIdOf(family.session))).toEqual([
    expect.objectContaining({ subject: auth.sessionsRevoked.subject, by: null }),
  ]);
}

const childrenIn = (outcomes: Outcome[]) => [
  ...new Set(outcomes.flatMap((one) => ('child' in one ? [one.child] : []))),
];
const slugsIn = (outcomes: Outcome[]) => [...new Set(outcomes.flatMap((one) => ('slug' in one ? [one.slug] : [])))];

/** The live token, by many at once: all of them get the one child. */
async function together(family: Family, n: number) {
  const outcomes = await Promise.all(Array.from({ length: n }, () => refresh(live(family))));
  expect(slugsIn(outcomes)).toEqual([]);
  const children = childrenIn(outcomes);
  expect(children).toHaveLength(1);
  family.tokens.push(...children);
  await expectAlive(family);
}

/** The one before it, within the grace, by whoever lost the answer: he gets the live one, and no branch grows. */
async function again(family: Family, n: number) {
  const predecessor = family.tokens.at(-2);
  if (predecessor === undefined) return together(family, n);
  const outcomes = await Promise.all(Array.from({ length: n }, () => refresh(predecessor)));
  expect([childrenIn(outcomes), slugsIn(outcomes)]).toEqual([[live(family)], []]);
  await expectAlive(family);
}

/** Both at once. It depends on who comes first whether the former was too late; but never do two lines go on. */
async function crosswise(family: Family, n: number): Promise<boolean> {
  const predecessor = family.tokens.at(-2);
  if (predecessor === undefined) return together(family, n).then(() => true);
  const [late, timely] = await Promise.all([
    Promise.all(Array.from({ length: n >> 1 }, () => refresh(predecessor))),
    Promise.all(Array.from({ length: n - (n >> 1) }, () => refresh(live(family)))),
  ]);
  expect([[], [live(family)]]).toContainEqual(childrenIn(late));
  const children = childrenIn(timely);
  expect(children.length).toBeLessThan(2);
  if (slugsIn([...late, ...timely]).length > 0) {
    expect(slugsIn([...late, ...timely])).toEqual(['session-ended']);
    await expectDead(family, children);
    return false;
  }
  family.tokens.push(...children);
  await expectAlive(family);
  return true;
}

/** An older one, in the midst of those who use the live one: whoever was first, nothing of the family works after it. */
async function reuse(family: Family, n: number) {
  const ancestor = family.tokens.at(-3)!;
  const work = Array.from({ length: n }, (_, i) => refresh(i === n >> 1 ? ancestor : live(family)));
  const outcomes = await Promise.all(work);
  const children = childrenIn(outcomes);
  expect(children.length).toBeLessThan(2);
  expect(children).not.toContain(live(family));
  expect(slugsIn(outcomes)).toEqual(['session-ended']);
  await expectDead(family, children);
}

it(
  `${ROUNDS} races of two to eight refreshes over two replicas leave one live child, or end the family`,
  async () => {
    const race = async (lane: number) => {
      const random = randomFrom(lane + 1);
      let family = await open(lane);
      for (let round = 0; round < ROUNDS / LANES; round++) {
        // Two or three above all, now and then eight.
        const n = 2 + Math.floor(random() ** 2 * 7);
        const kind = random();
        try {
          if (kind < 0.7) await together(family, n);
          else if (kind < 0.92) await again(family, n);
          else if (family.tokens.length < 3) await together(family, n);
          else {
            const goesOn = kind < 0.96 && (await crosswise(family, n));
            if (kind >= 0.96) await reuse(family, n);
            if (!goesOn) family = await open(lane);
          }
        } catch (error) {
          throw Object.assign(error as Error, { message: `lane ${lane}, round ${round}: ${(error as Error).message}` });
        }
      }
    };
    await Promise.all(Array.from({ length: LANES }, (_, lane) => race(lane)));
  },
  scale(120_000, 1_200_000),
);
