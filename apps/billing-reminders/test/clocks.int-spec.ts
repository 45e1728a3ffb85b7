import { addDays } from '#calendar/dates';
import { randomFrom, seeds } from '#testing/scale';
import { openBooks, type Books } from './books.js';

const FIRST = '2026-02-20';
const DAYS = 25;

/**
 * Two workers on one database whose clocks are hours apart, so that for a while each day it is already tomorrow for one
 * of them; both are away for days on end, and jobs are lost, or come to both. A seed chooses.
 */
describe('workers whose clocks differ, and who miss days', () => {
  let early: Books;
  let late: Books;
  beforeEach(async () => {
    early = await openBooks(FIRST);
    late = await openBooks(FIRST, early.db);
  });
  afterEach(() => early.close());

  test.each(seeds(3, 40))(
    'open each reminder once, on its day by one of the clocks, and move the watermark only forward (seed %i)',
    async (seed) => {
      const roll = randomFrom(seed);
      const debts: { id: string; dueOn: string }[] = [];
      for (let n = 0; n < 40; n++) {
        const dueOn = addDays(FIRST, Math.floor(roll() * (DAYS + 5)) - 2);
        debts.push({ ...(await early.debt(dueOn)), dueOn });
      }

      let swept = '';
      for (let day = 0; day < DAYS; day++) {
        const today = addDays(FIRST, day);
        late.clock.set(today);
        early.clock.set(roll() < 0.5 ? addDays(today, 1) : today);
        const last = day === DAYS - 1;
        // Both away for three days of ten.
        if (!last && roll() < 0.3) continue;
        await tickAndWork(roll, last);

        const opened = await openedOf(debts);
        const furthest = early.clock.today();
        for (const { dueOn, count } of opened) {
          const step = `seed ${seed}, ${today}, due on ${dueOn}`;
          if (dueOn >= furthest) expect([step, count]).toEqual([step, 0]);
          else expect([step, count <= 1]).toEqual([step, true]);
        }
        const watermark = (await early.watermark()) ?? '';
        expect(watermark >= swept && watermark <= furthest).toBe(true);
        swept = watermark;
        expect(await openUntil(watermark)).toEqual([]);
      }

      const end = late.clock.today();
      expect(swept >= end).toBe(true);
      for (const { dueOn, count } of await openedOf(debts)) if (dueOn < end) expect(count).toBe(1);
      // Each is told once as well.
      const told = (await early.told()).map(({ purchase }) => purchase);
      expect(told).toHaveLength(new Set(told).size);
    },
    60_000,
  );

  async function tickAndWork(roll: () => number, last: boolean): Promise<void> {
    const [one, two] = roll() < 0.5 ? [early, late] : [late, early];
    await Promise.all([one.sweeps.tick(), roll() < 0.7 ? two.sweeps.tick() : undefined]);
    const jobs = [...early.jobs.splice(0), ...late.jobs.splice(0)];
    const lost = !last && roll() < 0.2;
    const kept = lost ? jobs.filter(() => roll() < 0.5) : jobs;
    await Promise.all(kept.map((job) => (roll() < 0.5 ? early : late).sweeps.sweep(job)));
    const again = kept.filter(() => roll() < 0.1);
    await Promise.all(again.flatMap((job) => [early.sweeps.sweep(job), late.sweeps.sweep(job)]));
    // What was lost is queued again when it has been silent for long enough.
    await early.dataSource.query(`UPDATE sweeps SET queued_at = queued_at - interval '1 hour'`);
    if (last) {
      await early.sweeps.tick();
      await early.work();
    }
  }

  /** A day that the watermark has passed is done in all its shards. */
  const openUntil = (watermark: string) =>
    early.dataSource.query<{ day: string; shard: number }[]>(
      `SELECT as_of::text AS day, shard FROM sweep_shards WHERE as_of <= $1 AND done_at IS NULL`,
      [watermark],
    );

  async function openedOf(debts: { id: string; dueOn: string }[]) {
    const rows = await early.dataSource.query<{ id: string; count: number }[]>(
      `SELECT purchase_id AS id, count(*)::int AS count FROM reminders GROUP BY 1`,
    );
    const counts = new Map(rows.map(({ id, count }) => [id, count]));
    return debts.map(({ id, dueOn }) => ({ dueOn, count: counts.get(id) ?? 0 }));
  }
});
