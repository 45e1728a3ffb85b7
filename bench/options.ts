import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { SERVICES, type ServiceName } from '#contracts/rpc';
import { OPERATIONS } from './operations.js';

export const REMINDERS = 'reminders';

export interface Options {
  customers: number;
  /** Names of operations, and `reminders`. */
  only: string[];
  /** How long each slice is measured. */
  seconds: number;
  /** How many slices each side has, per operation and number of connections. */
  rounds: number;
  connections: number[];
  /** Kept between runs; left out: a folder that is removed at the end. */
  dataDir?: string;
  /** The service whose CPU profile is taken; then only the product runs. */
  profile?: ServiceName;
  /** Puts the table into docs/performance.md. */
  write: boolean;
}

const HELP = `npm run bench -- [options]
  --customers 1000000     how many customers there are (100000)
  --only get,list         of ${[...Object.keys(OPERATIONS), REMINDERS].join(', ')}
  --seconds 2             how long each slice is measured
  --rounds 3              how many slices each side has
  --connections 1,10      how many requests are under way at a time
  --keep                  keeps the prepared data for the next run, in .data/bench-<customers>
  --data-dir <folder>     the same, in another place
  --profile <service>     takes a CPU profile of ${SERVICES.join(', ')} for each operation
  --write                 puts the table into docs/performance.md
`;

/** Errors: an option that is unknown or malformed, told with all that there are. */
export function readOptions(args: string[]): Options {
  try {
    const { values } = parseArgs({
      args,
      options: {
        customers: { type: 'string', default: '100000' },
        only: { type: 'string' },
        seconds: { type: 'string', default: '2' },
        rounds: { type: 'string', default: '3' },
        connections: { type: 'string', default: '1,10' },
        keep: { type: 'boolean', default: false },
        'data-dir': { type: 'string' },
        profile: { type: 'string' },
        write: { type: 'boolean', default: false },
      },
    });
    const customers = number(values.customers, 100);
    const only = values.only?.split(',') ?? [...Object.keys(OPERATIONS), REMINDERS];
    const unknown = only.find((name) => name !== REMINDERS && !Object.hasOwn(OPERATIONS, name));
    if (unknown !== undefined) throw new Error(`There is no operation ${unknown}`);
    const profile = SERVICES.find((service) => service === values.profile);
    if (values.profile !== undefined && !profile) throw new Error(`There is no service ${values.profile}`);
    const dataDir = values['data-dir'] ?? (values.keep ? `.data/bench-${customers}` : undefined);
    return {
      customers,
      only,
      seconds: number(values.seconds, 0.1),
      rounds: number(values.rounds, 1),
      connections: values.connections.split(',').map((text) => number(text, 1)),
      ...(dataDir !== undefined && { dataDir: resolve(dataDir) }),
      ...(profile && { profile }),
      write: values.write,
    };
  } catch (error) {
    throw new Error(`${(error as Error).message}\n\n${HELP}`, { cause: error });
  }
}

function number(text: string, least: number): number {
  const value = Number(text);
  if (!(value >= least)) throw new Error(`${text} is not a number from ${least}`);
  return value;
}
