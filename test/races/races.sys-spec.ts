import { setTimeout as pause } from 'node:timers/promises';
import { wallClock } from '#messaging/clock';
import { eventually } from '#testing/eventually';
import { randomFrom, seeds } from '#testing/scale';
import { frozen } from './frozen.js';
import { race, wrongOf, type Read, type Reading } from './race.js';
import { readOfFinance, readsAbout, Stage } from './stage.js';

/** A race is run again, until so many have read in it. */
const READS = 2_000;
const LONGEST = 300_000;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
}, 180_000);
// A session is shorter than all of them together.
beforeEach(() => stage.signAllIn());
afterAll(() => stage?.close());

/** What is raced for in one round, and how it ends. */
interface Round {
  reads: Read[];
  end: () => Promise<unknown>;
}

/** Round after round, until enough has been read; each read must have been seen on both sides of an end. */
async function rounds(seed: number, prepare: (round: number) => Promise<Round>): Promise<void> {
  const random = randomFrom(seed);
  const all: Reading[] = [];
  for (let round = 1; all.length < READS; round++) {
    const { reads, end } = await prepare(round);
    const poised = random() < 0.5;
    const run = await race({ gateways: stage.gateways, reads, poised }, random, end);
    expect({ round, poised, wrong: wrongOf(run) }).toEqual({ round, poised, wrong: [] });
    all.push(...run.readings);
  }
  const seen = (view: string) =>
    [...new Set(all.filter((one) => one.view === view).map(({ read }) => read.name))].sort();
  expect(seen('hidden')).toEqual(seen('shown'));
}

describe('64 readers, two replicas of everything', () => {
  it.each(seeds(1, 10))(
    'see nothing any more once a delegation is revoked (seed %i)',
    async (seed) => {
      const { owner, delegate } = stage;
      const id = await stage.customer(owner, '紅星');
      await rounds(seed, async (round) => {
        const what = round % 2 === 0 ? { scope: 'all' } : { customerIds: [id] };
        const given = await owner.post('/delegations', { ...what, delegateId: delegate.userId, reason: '年假' });
        return {
          reads: readsAbout(id, delegate, 'hidden'),
          end: () => owner.post(`/delegations/${given.id}/revoke`),
        };
      });
    },
    LONGEST,
  );

  it.each(seeds(1, 10))(
    'see nothing any more once a delegation has expired (seed %i)',
    async (seed) => {
      const { owner, delegate } = stage;
      const id = await stage.customer(owner, '藍天');
      await rounds(seed, async (round) => {
        const what = round % 2 === 0 ? { scope: 'all' } : { customerIds: [id] };
        const ends = wallClock() + 1_500;
        const endsAt = new Date(ends).toISOString();
        await owner.post('/delegations', { ...what, delegateId: delegate.userId, endsAt, reason: '年假' });
        return {
          reads: readsAbout(id, delegate, 'hidden'),
          // A timer may be a moment early.
          end: () => pause(ends - wallClock() + 2),
        };
      });
    },
    LONGEST,
  );

  it.each(seeds(1, 10))(
    'find a customer with his new owner alone once he is transferred (seed %i)',
    async (seed) => {
      const { finance } = stage;
      const id = await stage.customer(stage.giver, '中興');
      await rounds(seed, async (round) => {
        const people = [stage.giver, stage.receiver];
        const [giver, receiver] = (round % 2 === 1 ? people : people.reverse()) as [typeof finance, typeof finance];
        return {
          reads: [
            ...readsAbout(id, giver, 'hidden'),
            ...readsAbout(id, receiver, 'shown'),
            readOfFinance(finance, giver, 'hidden'),
            readOfFinance(finance, receiver, 'shown'),
          ],
          end: () => giver.post('/transfers', { customerIds: [id], toUserId: receiver.userId, reason: '调岗' }),
        };
      });
    },
    LONGEST,
  );

  it.each(seeds(1, 10))(
    'are refused within a second once they are disabled (seed %i)',
    async (seed) => {
      const { admin } = stage;
      const id = await stage.customer(stage.leaver, '四海');
      const enable = () => admin.post(`/users/${stage.leaver.userId}/enable`);
      await rounds(seed, async (round) => {
        if (round > 1) {
          await enable();
          stage.leaver = await eventually(() => stage.signIn('sales05'));
        }
        const me = { name: 'oneself', as: stage.leaver, path: '/me', shows: () => true, after: 'hidden' as const };
        return {
          reads: [...readsAbout(id, stage.leaver, 'hidden'), me],
          end: async () => {
            await admin.post(`/users/${stage.leaver.userId}/disable`);
            // The second that a gateway may go by what it remembers.
            await pause(1_000);
          },
        };
      });
      await enable();
    },
    LONGEST,
  );
});

frozen(() => stage);
