import { eventually } from '#testing/eventually';
import { race, wrongOf, type Read } from './race.js';
import { readOfFinance, readsAbout, type Stage } from './stage.js';

/** What only billing can answer. */
const OF_BILLING = ['the arrears', 'the sum', 'the fees', 'the sum by owner'];

/** A projection that can't go on says so, and tells nothing that isn't so any more. */
export function frozen(stageOf: () => Stage): void {
  describe('while billing takes in nothing', () => {
    it('whoever asks for what moved meanwhile is told to come again, and then finds it right', async () => {
      const { gateways, finance, owner: giver, delegate: receiver, database } = stageOf();
      const id = await stageOf().customer(giver, '冰河');
      const readsOf = (from: 'hidden' | 'away', to: 'shown' | 'away'): Read[] =>
        [
          ...readsAbout(id, giver, from),
          ...readsAbout(id, receiver, to),
          readOfFinance(finance, giver, from),
          readOfFinance(finance, receiver, to),
        ].filter(({ name }) => OF_BILLING.includes(name));

      // What a projection has dealt with is noted in the inbox: nothing goes past this lock.
      await database.query('BEGIN; LOCK TABLE billing.inbox IN EXCLUSIVE MODE');
      try {
        const end = () => giver.post('/transfers', { customerIds: [id], toUserId: receiver.userId, reason: '调岗' });
        const run = await race({ gateways, reads: readsOf('away', 'away'), poised: false }, () => 0, end);
        expect(wrongOf(run)).toEqual([]);
        expect(run.readings.some(({ view }) => view === 'shown')).toBe(true);
      } finally {
        await database.query('ROLLBACK');
      }

      await eventually(async () => {
        const reads = readsOf('hidden', 'shown');
        const run = await race(
          { gateways, reads, poised: false },
          () => 0,
          async () => {},
        );
        expect(wrongOf(run)).toEqual([]);
        expect(run.readings.filter(({ view, startedAt }) => view === 'away' && startedAt >= run.over)).toEqual([]);
      }, 30_000);
    }, 120_000);
  });
}
