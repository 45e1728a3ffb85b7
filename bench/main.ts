import { teach } from './agree.js';
import { BareServer, Client } from './children.js';
import { Ground } from './ground.js';
import { Measurement, type Compared } from './measure.js';
import { OPERATIONS, type OperationName } from './operations.js';
import { readOptions } from './options.js';
import { StatementLog } from './statements.js';
import { join } from 'node:path';

const say = (line: string) => void process.stderr.write(`${line}\n`);
const options = readOptions(process.argv.slice(2));
const ground = await Ground.open(options, say);
const client = new Client();
const bare = await BareServer.start(ground.system.databases);
try {
  const names = (Object.keys(OPERATIONS) as OperationName[]).filter((name) => options.only.includes(name));
  const log = new StatementLog(ground.admin, join(ground.system.dataDir, 'logs/postgres.log'));
  await log.on();
  for (const name of names) say(`${name}: ${await teach(ground, bare, log, name)} statements`);
  await log.off();
  const measurement = new Measurement(ground, bare, client, options);
  const all: Compared[] = [];
  for (const name of names) {
    for (const connections of options.connections) {
      const compared = await measurement.compare(name, connections);
      all.push(compared);
      const { product, bare: other } = compared;
      say(
        `${name} ×${connections}: ${product.rate.toFixed(0)}/s (p50 ${product.p50.toFixed(2)}, p99 ${product.p99.toFixed(2)}, cpu ${product.cpu.toFixed(2)} + ${product.postgres.toFixed(2)}) bare ${other.rate.toFixed(0)}/s (p50 ${other.p50.toFixed(2)}, p99 ${other.p99.toFixed(2)}, cpu ${other.cpu.toFixed(2)} + ${other.postgres.toFixed(2)}) ratio ${(product.rate / other.rate).toFixed(2)}`,
      );
    }
  }
} finally {
  client.stop();
  bare.stop();
  await ground.close();
}
