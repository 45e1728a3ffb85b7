/** `npm run bench`: see docs/performance.md. */
import { join } from 'node:path';
import { teach } from './agree.js';
import { BareServer, Client } from './children.js';
import { Ground } from './ground.js';
import { Measurement, type Compared } from './measure.js';
import { OPERATIONS, type OperationName } from './operations.js';
import { readOptions, REMINDERS, type Options } from './options.js';
import { profiled } from './profile.js';
import { compareReminders } from './reminders.js';
import { markdown, writeInto } from './report.js';
import { StatementLog } from './statements.js';

const say = (line: string) => void process.stderr.write(`${line}\n`);

async function main(options: Options): Promise<void> {
  const ground = await Ground.open(options, say);
  const client = new Client();
  const bare = await BareServer.start(ground.system.databases);
  const stop = async () => {
    client.stop();
    bare.stop();
    await ground.close();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void stop().finally(() => process.exit(1)));
  }
  try {
    const measurement = new Measurement(ground, bare, client, options);
    const names = (Object.keys(OPERATIONS) as OperationName[]).filter((name) => options.only.includes(name));
    if (options.profile) return await profileAll(ground, measurement, names, options);
    await teachAll(ground, bare, names);
    const idle = ground.memory();
    const compared: Compared[] = [];
    const faults: string[] = [];
    for (const name of names) {
      for (const connections of options.connections) {
        try {
          compared.push(await measurement.compare(name, connections));
          say(`${name} × ${connections}: ${ratioOf(compared.at(-1)!)}`);
        } catch (error) {
          faults.push(`${name} × ${connections}: ${(error as Error).message}`);
          say(faults.at(-1)!);
        }
      }
    }
    const reminders = options.only.includes(REMINDERS)
      ? await compareReminders(ground, options.customers, options.rounds)
      : undefined;
    const memory = { idle, loaded: ground.memory() };
    const machine = { ...(await ground.versions()), date: ground.today, customers: options.customers };
    const figures = markdown({ machine, compared, reminders, memory });
    process.stdout.write(`\n${figures}\n`);
    if (faults.length > 0) throw new Error(`Not measured:\n${faults.join('\n')}`);
    if (options.write) writeInto('docs/performance.md', figures);
  } finally {
    await stop();
  }
}

async function teachAll(ground: Ground, bare: BareServer, names: OperationName[]): Promise<void> {
  const log = new StatementLog(ground.admin, join(ground.system.dataDir, 'logs/postgres.log'));
  await log.on();
  try {
    for (const name of names) say(`${name}: ${await teach(ground, bare, log, name)} statements, the answers agree`);
  } finally {
    await log.off();
  }
}

async function profileAll(
  ground: Ground,
  measurement: Measurement,
  names: OperationName[],
  { profile, connections, seconds, only, customers }: Options,
): Promise<void> {
  const most = Math.max(...connections);
  for (const name of names) {
    await measurement.product(name, most, 1);
    const top = await profiled(ground, profile!, name, () => measurement.product(name, most, seconds));
    process.stdout.write(`\n${name} × ${most}: ${top}\n`);
  }
  if (!only.includes(REMINDERS)) return;
  const top = await profiled(ground, profile!, REMINDERS, () => compareReminders(ground, customers, 1));
  process.stdout.write(`\n${REMINDERS}: ${top}\n`);
}

const ratioOf = ({ product, bare }: Compared) =>
  `${product.rate.toFixed(0)}/s to ${bare.rate.toFixed(0)}/s, ${(product.rate / bare.rate).toFixed(2)}`;

try {
  await main(readOptions(process.argv.slice(2)));
} catch (error) {
  say(`\n${(error as Error).message}`);
  process.exitCode = 1;
}
