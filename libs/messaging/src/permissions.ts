import { SERVICES, type ServiceName } from '#contracts/rpc';

/** A durable consumer that a service may have: nothing else may be created, pulled from or acknowledged. */
export interface ConsumerRight {
  stream: string;
  /** Name of the durable consumer; it is the projection's or the worker's name. */
  name: string;
}

/** Which service reads whose stream, under which name. Projections and workers are checked against it at start. */
export const CONSUMERS: Record<ServiceName, ConsumerRight[]> = {
  gateway: [],
  auth: [],
  customers: [
    { stream: 'EVT_AUTH', name: 'customers-users' },
    { stream: 'EVT_AUTH', name: 'customers-log-of-auth' },
    { stream: 'EVT_SALES', name: 'customers-log-of-sales' },
    { stream: 'EVT_BILLING', name: 'customers-log-of-billing' },
  ],
  sales: [{ stream: 'EVT_AUTH', name: 'sales-settings' }],
  billing: [
    { stream: 'EVT_AUTH', name: 'billing-users' },
    { stream: 'EVT_CUSTOMERS', name: 'billing-customers' },
    { stream: 'EVT_SALES', name: 'billing-sales' },
    { stream: 'JOB_BILLING', name: 'billing-sweep-shard' },
    { stream: 'JOB_BILLING', name: 'billing-send-digest' },
  ],
};

export const eventStream = (service: ServiceName): string => `EVT_${service.toUpperCase()}`;
export const jobStream = (service: ServiceName): string => `JOB_${service.toUpperCase()}`;

export const publishesEvents = (service: ServiceName): boolean => service !== 'gateway';
export const hasJobs = (service: ServiceName): boolean =>
  CONSUMERS[service].some(({ stream }) => stream === jobStream(service));

/** `_INBOX_<service>`: answers to one service can't be listened to by another. */
export const inboxPrefix = (service: ServiceName): string => `_INBOX_${service}`;

export interface SubjectPermissions {
  publish: { allow: string[] };
  subscribe: { allow: string[] };
}

/**
 * What a service's credential may publish and subscribe. Answers to requests need `allow_responses` beside it. There is
 * no way here to purge or delete a stream or a message, nor to listen to another's requests, events or answers; the
 * gateway alone hears `evt.>`, for live events and the end of sessions. No service makes or changes a stream, not even
 * its own: NATS doesn't look into the body, and a stream's configuration reaches every subject (ADR 7).
 */
export function permissionsFor(service: ServiceName): SubjectPermissions {
  const consumers = CONSUMERS[service];
  const streams = new Set([
    ...(publishesEvents(service) ? [eventStream(service)] : []),
    ...(hasJobs(service) ? [jobStream(service)] : []),
    ...consumers.map(({ stream }) => stream),
  ]);
  return {
    publish: {
      allow: [
        `svc.${service}.>`,
        ...(service === 'gateway' ? ['rpc.>'] : [`evt.${service}.>`]),
        ...(hasJobs(service) ? [`job.${service}.>`] : []),
        '$JS.API.INFO',
        ...[...streams].map((stream) => `$JS.API.STREAM.INFO.${stream}`),
        ...consumers.flatMap(ownConsumer),
      ],
    },
    subscribe: {
      allow: [
        `${inboxPrefix(service)}.>`,
        `svc.*.${service}.>`,
        ...(service === 'gateway' ? ['evt.>'] : [`rpc.${service}.>`]),
      ],
    },
  };
}

function ownConsumer({ stream, name }: ConsumerRight): string[] {
  const consumer = `${stream}.${name}`;
  return [
    `$JS.API.CONSUMER.CREATE.${consumer}`,
    // The same with the consumer's filter at the end.
    `$JS.API.CONSUMER.CREATE.${consumer}.>`,
    `$JS.API.CONSUMER.INFO.${consumer}`,
    // A projection that takes over rewinds its own consumer by making it anew.
    `$JS.API.CONSUMER.DELETE.${consumer}`,
    `$JS.API.CONSUMER.MSG.NEXT.${consumer}`,
    `$JS.ACK.${consumer}.>`,
    // The newer form of the subject names domain and account first.
    `$JS.ACK.*.*.${consumer}.>`,
  ];
}

/** The service that a `evt.<service>.…` or `job.<service>.…` subject belongs to. Throws if it is none of ours. */
export function producerOf(subject: string): ServiceName {
  const name = subject.split('.')[1];
  const service = SERVICES.find((candidate) => candidate === name);
  if (!service) throw new Error(`${subject} belongs to no service`);
  return service;
}

/** Throws unless the table above lets the service have this consumer. */
export function assertMayConsume(service: ServiceName, { stream, name }: ConsumerRight): void {
  if (CONSUMERS[service].some((right) => right.stream === stream && right.name === name)) return;
  throw new Error(
    `${service} has no right to the consumer ${name} on ${stream}: add it to CONSUMERS in libs/messaging/src/permissions.ts`,
  );
}
