import { DATABASE_SERVICES, type DatabaseService } from '#embedded/provision-sql';
import type { SupervisedProcess } from '#embedded/supervised-process';
import { CONSUMERS } from '#messaging/permissions';
import { eventually } from '#testing/eventually';
import type { Dice } from '../oracles/world.js';
import type { Witness } from '../oracles/witness.js';
import { Latch, servicesOf, type Caught, type Place } from './latch.js';

/** A point of a service's work at which it dies. */
export interface Point {
  service: DatabaseService;
  name: string;
  strike(witness: Witness, dice: Dice): Promise<SupervisedProcess>;
}

/** `kill -9`, and up again at once, without the growing pauses of a supervisor who sees it die again and again. */
async function kill(process: SupervisedProcess): Promise<void> {
  await process.stop([['SIGKILL', 10_000]]);
}

type Strike = (witness: Witness, place: Place) => Promise<SupervisedProcess>;

/** Holds up whoever comes there first; nobody any more if nobody comes. */
async function catchAt(witness: Witness, place: Place): Promise<{ latch: Latch; caught: Caught }> {
  const latch = await Latch.set(witness, place);
  try {
    return { latch, caught: await latch.caught() };
  } catch (error) {
    await latch.release();
    throw error;
  }
}

/** Dies while it is held up; the backend then finds nobody there, or ends what it can't stop any more. */
const whileHeld: Strike = async (witness, place) => {
  const { latch, caught } = await catchAt(witness, place);
  await kill(caught.process);
  await latch.release();
  return caught.process;
};

/** Dies when the database has done its part, before it can hear of it. */
const beforeItHears: Strike = async (witness, place) => {
  const { latch, caught } = await catchAt(witness, place);
  caught.process.pause();
  await latch.finish(caught);
  await kill(caught.process);
  await latch.release();
  return caught.process;
};

/** The relay is kept from its work until there is something to publish. */
async function beforePublishing(witness: Witness, service: DatabaseService, dice: Dice): Promise<SupervisedProcess> {
  const held = await witness.connection();
  const key = `hashtextextended('relay ${service}', 0)`;
  const taken = held.query(`SELECT pg_advisory_lock(${key})`);
  await witness.rows(
    `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted
       AND (classid::bigint << 32 | objid::bigint) = ${key}`,
  );
  await taken;
  await eventually(async () => {
    const waiting = await witness.rows(`SELECT FROM ${service}.outbox WHERE published_at IS NULL`);
    if (waiting.length === 0) throw new Error(`nothing waits to be published by ${service}`);
  }, 30_000);
  const process = dice.of(servicesOf(witness.system).filter(({ name }) => name.split('-')[0] === service))!;
  await kill(process);
  await held.end();
  return process;
}

/** The stream has it, and that it has is never noted: whoever comes next publishes it again. */
const withoutMarking: Strike = async (witness, place) => {
  const { latch, caught } = await catchAt(witness, place);
  await kill(caught.process);
  await witness.rows(`SELECT pg_terminate_backend($1)`, [caught.pid]);
  await latch.release();
  return caught.process;
};

const marked = (table: string): Place => ({ table, by: 'UPDATE', at: 'statement' });
const inserted = (table: string, at: Place['at']): Place => ({ table, by: 'INSERT', at });

function pointsOf(service: DatabaseService): Point[] {
  const outbox = `${service}.outbox`;
  const inbox = `${service}.inbox`;
  const point = (name: string, strike: Point['strike']): Point => ({ service, name, strike });
  const reads = CONSUMERS[service].some(({ stream }) => stream.startsWith('EVT_'));
  return [
    point('before COMMIT', (witness) => whileHeld(witness, inserted(outbox, 'statement'))),
    point('after COMMIT', (witness) => beforeItHears(witness, inserted(outbox, 'commit'))),
    point('before the reply', (witness) => whileHeld(witness, inserted(outbox, 'commit'))),
    point('between commit and publish', (witness, dice) => beforePublishing(witness, service, dice)),
    point('between publish and mark', (witness) => withoutMarking(witness, marked(outbox))),
    point('while it marks what it has published', (witness) => whileHeld(witness, marked(outbox))),
    ...(reads
      ? [
          point('before its inbox commits', (witness) => whileHeld(witness, inserted(inbox, 'statement'))),
          point('before it acknowledges', (witness) => beforeItHears(witness, inserted(inbox, 'commit'))),
        ]
      : []),
  ];
}

/** Every service that owns data, at every point of its work. */
export const POINTS: Point[] = DATABASE_SERVICES.flatMap(pointsOf);
