import {
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import type { ServiceName } from '#contracts/rpc';
import { eventStream, hasJobs, jobStream, publishesEvents } from './permissions.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** How long a stream keeps a message, ms. A consumer that was away for longer is told, and needs a republish. */
export const STREAM_AGE = 14 * DAY;
/** Within this time a message id is known to the stream, ms. Later copies are the inbox's business. */
const DUPLICATE_WINDOW = 60 * MINUTE;

export type StreamSpec = Pick<StreamConfig, 'name' | 'subjects' | 'retention'> & Partial<StreamConfig>;

/** The streams that a service owns: its events, and its jobs if it has any. */
export function streamsOf(service: ServiceName, replicas = 1): StreamSpec[] {
  const common = {
    storage: StorageType.File,
    num_replicas: replicas,
    max_age: nanos(STREAM_AGE),
    duplicate_window: nanos(DUPLICATE_WINDOW),
    // No limit of size or number: old messages never make room for new ones. Should a limit of the account or the disk
    // be met, the publisher is refused, and its outbox keeps the event.
    max_msgs: -1,
    max_bytes: -1,
    max_msgs_per_subject: -1,
    discard: DiscardPolicy.New,
    deny_delete: true,
    deny_purge: true,
  };
  const events = { name: eventStream(service), subjects: [`evt.${service}.>`], retention: RetentionPolicy.Limits };
  const jobs = { name: jobStream(service), subjects: [`job.${service}.>`], retention: RetentionPolicy.Workqueue };
  return [
    ...(publishesEvents(service) ? [{ ...common, ...events }] : []),
    // A job may be given up by its worker alone, so it has no age.
    ...(hasJobs(service) ? [{ ...common, ...jobs, max_age: 0 }] : []),
  ];
}

/**
 * Looks whether a stream is there as it should be; a service may do no more. Gives what the server says of it.
 * Errors: there is none; it is otherwise, each field named.
 */
export async function expectStream(jsm: JetStreamManager, spec: StreamSpec): Promise<StreamInfo> {
  const info = await streamInfo(jsm, spec.name);
  if (!info) throw new Error(`There is no stream ${spec.name}: whoever set the server up must provide it again`);
  assertSame(`Stream ${spec.name}`, spec, info.config);
  return info;
}

/**
 * Creates the stream, or brings it in line, and reads it back. Gives what the server says of it.
 * Errors: a difference that the server doesn't let us mend, each field named.
 */
export async function ensureStream(jsm: JetStreamManager, spec: StreamSpec): Promise<StreamInfo> {
  let info = await streamInfo(jsm, spec.name);
  if (!info) {
    // Replicas that start together all ask for the same; the server takes that for one.
    await jsm.streams.add(spec);
    info = await jsm.streams.info(spec.name);
  }
  const wrong = differences(spec, info.config);
  if (wrong.length === 0) return info;

  const refusal = await jsm.streams.update(spec.name, spec).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof JetStreamApiError) return error.message;
      throw error;
    },
  );
  info = await jsm.streams.info(spec.name);
  assertSame(`Stream ${spec.name}`, spec, info.config, refusal);
  return info;
}

/** What the server says of a stream; undefined if there is none. */
export async function streamInfo(jsm: JetStreamManager, stream: string): Promise<StreamInfo | undefined> {
  try {
    return await jsm.streams.info(stream);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export function isMissing(error: unknown): boolean {
  return (
    error instanceof JetStreamApiError &&
    (error.code === JetStreamApiCodes.StreamNotFound || error.code === JetStreamApiCodes.ConsumerNotFound)
  );
}

/** Throws, naming each field that the server holds otherwise than wanted. */
export function assertSame(what: string, wanted: object, actual: object, refusal?: string): void {
  const wrong = differences(wanted, actual);
  if (wrong.length === 0) return;
  const because = refusal ? ` (the server refused the change: ${refusal})` : '';
  throw new ConfigurationMismatch(`${what} is not as it should be: ${wrong.join('; ')}${because}`);
}

/** Something on the server stands against us, and trying again won't help. */
export class ConfigurationMismatch extends Error {}

/** `field: is …, should be …` for each field of `wanted` that the server holds otherwise; it leaves out zero values. */
export function differences(wanted: object, actual: object): string[] {
  const held = actual as Record<string, unknown>;
  return Object.entries(wanted).flatMap(([field, should]) => {
    const is = held[field] ?? (should === 0 ? 0 : should === false ? false : undefined);
    return JSON.stringify(is) === JSON.stringify(should)
      ? []
      : [`${field} is ${JSON.stringify(is)}, should be ${JSON.stringify(should)}`];
  });
}
