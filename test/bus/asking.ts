import { headers, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';
import { HEADER } from '#contracts/context';
import { ErrorBody } from '#contracts/errors';
import { SERVICES, type Rpc, type ServiceName } from '#contracts/rpc';

/** Longer than any request may take: what is not answered then, hangs. */
const PATIENCE = 10_000;
/** What an error must never tell. */
const INSIDE = /\bat .+:\d+:\d+|\.ts\b|\.js\b|SELECT |INSERT |relation "|node_modules/;

export interface Asked {
  subject: string;
  what: string;
  body: string | Uint8Array;
  sent?: Record<string, string>;
}

/** Who may ask it: the gateway, the one caller that the subject names, or any service. */
export function askersOf({ subject }: Rpc): ServiceName[] {
  const [kind, caller] = subject.split('.');
  if (kind === 'rpc') return ['gateway'];
  return caller === '*' ? [...SERVICES] : [caller as ServiceName];
}

/** Who answers it. */
export const answererOf = ({ subject }: Rpc): string | undefined =>
  subject.split('.')[subject.startsWith('rpc.') ? 1 : 2];

/** Asks, and gives the kind of the error that came; of any other answer, what is wrong with it. */
export async function errorOf(nc: NatsConnection, { subject, body, sent = {} }: Asked): Promise<string> {
  try {
    const reply = await nc.request(subject, body, { timeout: PATIENCE, headers: written(sent) });
    const kind = reply.headers?.get(HEADER.error);
    if (!kind) return `no error, but ${reply.string().slice(0, 200)}`;
    const error = ErrorBody.parse(reply.json());
    if (error.kind !== kind || INSIDE.test(reply.string())) return `an error of ${reply.string().slice(0, 200)}`;
    return kind;
  } catch (fault) {
    return `no answer, but ${String(fault)}`;
  }
}

/** Asks all of it, so many at once, and gives what was answered otherwise than with an error of the kind expected. */
export async function otherThan(
  kind: string,
  nc: NatsConnection,
  all: readonly Asked[],
  atOnce = 4,
): Promise<string[]> {
  const wrong: string[] = [];
  const waiting = [...all];
  const ask = async () => {
    for (let one = waiting.pop(); one; one = waiting.pop()) {
      const answer = await errorOf(nc, one);
      if (answer !== kind) wrong.push(`${one.subject}, ${one.what.slice(0, 200)}: ${answer}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, ask));
  return wrong.slice(0, 20);
}

function written(sent: Record<string, string>): MsgHdrs {
  const all = headers();
  for (const [name, value] of Object.entries(sent)) all.set(name, value);
  return all;
}
