import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE_SERVICES } from '#embedded/provision-sql';
import { repositoryRoot } from '#embedded/programs';
import { CONSUMERS, producerOf } from '#messaging/permissions';
import { PROJECTION, type ProjectionOptions } from '#messaging/projection';
import { expectNone } from './kept.js';
import type { Witness } from './witness.js';

interface Reader {
  consumer: string;
  /** Whose database holds its inbox. */
  service: string;
  producer: string;
  subjects: string[];
}

/** Every projection that a service has the right to, with the kinds of events that it says it wants. */
export async function readers(): Promise<Reader[]> {
  const declared = await declaredProjections();
  return Object.entries(CONSUMERS).flatMap(([service, rights]) =>
    rights
      .filter(({ stream }) => stream.startsWith('EVT_'))
      .map(({ stream, name }) => {
        const subjects = declared.get(name)?.from.map(({ subject }) => subject);
        if (!subjects?.[0]) throw new Error(`${service} may read ${stream} as ${name}, but no projection does`);
        return { consumer: name, service, producer: producerOf(subjects[0]), subjects };
      }),
  );
}

async function declaredProjections(): Promise<Map<string, ProjectionOptions>> {
  const found = new Map<string, ProjectionOptions>();
  const apps = join(repositoryRoot(), 'apps');
  for (const file of readdirSync(apps, { recursive: true, encoding: 'utf8' })) {
    if (!file.includes('/src/') || !file.endsWith('.projection.ts')) continue;
    const exported = (await import(join(apps, file))) as Record<string, object>;
    for (const candidate of Object.values(exported)) {
      const options = Reflect.getMetadata(PROJECTION, candidate) as ProjectionOptions | undefined;
      if (options) found.set(options.name, options);
    }
  }
  return found;
}

/** Nothing waits to be published. */
export async function expectOutboxesEmpty(witness: Witness): Promise<void> {
  for (const service of DATABASE_SERVICES) {
    const rows = await witness.rows<{ subject: string; id: string }>(
      `SELECT subject, id FROM ${service}.outbox WHERE published_at IS NULL ORDER BY seq`,
    );
    expectNone(
      `events of ${service} that wait to be published`,
      rows.map(({ subject, id }) => `${subject} ${id}`),
    );
  }
}

/**
 * Event by event: each that was published is noted by every projection that wants its kind, and no other is, but for
 * those that a test has sent or lost itself.
 */
export async function expectInboxesFull(witness: Witness, exceptFor: readonly string[] = []): Promise<void> {
  for (const { consumer, service, producer, subjects } of await readers()) {
    const rows = await witness.rows<{ what: string }>(
      `SELECT CASE WHEN event_id IS NULL THEN 'never came: ' || subject || ' ' || told.id || ' of ' || created_at
                   ELSE 'came from nowhere: ' || event_id END AS what
       FROM (SELECT id, subject, created_at FROM ${producer}.outbox WHERE subject = ANY ($2)) told
       FULL JOIN (SELECT event_id FROM ${service}.inbox WHERE consumer = $1) read ON read.event_id = told.id
       WHERE (event_id IS NULL OR told.id IS NULL) AND coalesce(event_id, told.id) <> ALL ($3::uuid[])`,
      [consumer, subjects, exceptFor],
    );
    expectNone(
      `differences between ${producer}'s outbox and ${consumer}`,
      rows.map(({ what }) => what),
    );
  }
}

/** Nothing was put aside. */
export async function expectNothingParked(witness: Witness): Promise<void> {
  for (const service of DATABASE_SERVICES) {
    const rows = await witness.rows<{ what: string }>(
      `SELECT consumer || ': ' || subject || ' ' || event_id || ', ' || error AS what FROM ${service}.parked`,
    );
    expectNone(
      `messages parked by ${service}`,
      rows.map(({ what }) => what),
    );
  }
}
