import { connect, PermissionViolationError, type NatsConnection } from '@nats-io/transport-node';
import { Logger } from '@nestjs/common';
import type { EventType, JobType } from '#contracts/event';
import { SERVICES, type Rpc, type ServiceName } from '#contracts/rpc';
import type { RunningNats } from '#embedded/nats';
import { inboxPrefix } from '#messaging/permissions';
import { streamsOf } from '#messaging/streams';
import { everyContract } from '#testing/contracts';

// What is dropped here is dropped on purpose.
Logger.overrideLogger(false);

/** All that may be said on the bus: one that any service may ask, as each of them would ask it. */
export async function everySubject(): Promise<string[]> {
  const { rpcs, events, jobs } = await everyContract();
  return [...rpcs, ...events, ...jobs].flatMap(askedBySomebody);
}

export function askedBySomebody({ subject }: Rpc | EventType | JobType): string[] {
  return subject.startsWith('svc.*.') ? SERVICES.map((caller) => subject.replace('*', caller)) : [subject];
}

export const everyStream = SERVICES.flatMap((service) => streamsOf(service).map(({ name }) => name));

/** A client of nobody's making: it has the credential, and none of our code. */
export function intruder(nats: RunningNats, as: ServiceName): Promise<NatsConnection> {
  return connect({ servers: nats.url, ...nats.credentials(as), inboxPrefix: inboxPrefix(as), reconnect: false });
}

/** Says something on each subject, and gives those that the server has refused. */
export async function refusedToSay(nc: NatsConnection, subjects: readonly string[], body = ''): Promise<string[]> {
  const refused: string[] = [];
  const statuses = nc.status();
  const listening = (async () => {
    for await (const status of statuses) {
      if (status.type === 'error' && status.error instanceof PermissionViolationError)
        refused.push(status.error.subject);
    }
  })();
  for (const subject of subjects) nc.publish(subject, body);
  await nc.flush();
  (statuses as unknown as { stop(): void }).stop();
  await listening;
  return refused;
}

/** Listens on each subject, and gives those that the server has refused. */
export async function refusedToHear(
  nc: NatsConnection,
  subjects: readonly string[],
  queue?: string,
): Promise<string[]> {
  const refused = new Set<string>();
  const taken = subjects.map((subject) =>
    nc.subscribe(subject, { queue, callback: (error) => void (error && refused.add(subject)) }),
  );
  await nc.flush();
  for (const subscription of taken) if (!refused.has(subscription.getSubject())) subscription.unsubscribe();
  await nc.flush();
  return [...refused];
}
