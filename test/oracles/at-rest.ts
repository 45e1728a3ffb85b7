import { eventually } from '#testing/eventually';
import { expectInboxesFull, expectNothingParked, expectOutboxesEmpty } from './messages.js';
import { expectConsistent, expectCopiesTrue } from './states.js';
import type { Witness } from './witness.js';

/**
 * What must hold when nobody asks for anything any more, whatever went before: every event has come to all who want it,
 * nothing was put aside, and all that the services know agrees. `within` ms is how long it may take to come to rest;
 * `exceptFor` are the ids of events that a test has sent or lost itself.
 */
export async function expectAtRest(
  witness: Witness,
  { within = 60_000, exceptFor = [] }: { within?: number; exceptFor?: readonly string[] } = {},
): Promise<void> {
  await expectConsistent(witness);
  await eventually(async () => {
    await expectOutboxesEmpty(witness);
    await expectInboxesFull(witness, exceptFor);
  }, within);
  await expectNothingParked(witness);
  await expectCopiesTrue(witness);
}
