import type { z } from 'zod';
import { everyContract, everySample, type Sample } from '#testing/contracts';
import { EventEnvelope } from './event.js';

const { rpcs, events, jobs } = await everyContract();
const samples = everySample();

function sample<K extends string>(subject: string, kind: K): Extract<Sample, Record<K, unknown>> {
  const found = samples.get(subject);
  if (!found || !(kind in found)) throw new Error(`No ${kind} of ${subject} in libs/contracts/samples`);
  return found as Extract<Sample, Record<K, unknown>>;
}

/** Valid, and with nothing in it that the contract doesn't name. */
function expectExact(schema: z.ZodType, message: unknown) {
  expect(schema.parse(message)).toEqual(message);
}

it('every contract has a sample, and every sample a contract', () => {
  const subjects = [...rpcs, ...events, ...jobs].map(({ subject }) => subject);
  expect([...samples.keys()].sort()).toEqual(subjects.sort());
});

it.each(rpcs.map((rpc) => [rpc.subject, rpc] as const))('%s is asked and answered so', (subject, { input, output }) => {
  const { request, reply } = sample(subject, 'request');
  expect(() => input.parse(request)).not.toThrow();
  expectExact(output, reply);
});

it.each(events.map((event) => [event.subject, event] as const))('%s is told so', (subject, { data }) => {
  const { event } = sample(subject, 'event');
  expectExact(EventEnvelope, event);
  expect(event.subject).toBe(subject);
  expectExact(data, event.data);
});

it.each(jobs.map((job) => [job.subject, job] as const))('%s is handed out so', (subject, { data }) => {
  expectExact(data, sample(subject, 'job').job);
});
