/**
 * A finance clerk's morning, by the API's typed client alone. With `npm start` running:
 *
 *     node --conditions=source --import tsx docs/examples/finance-morning.ts http://localhost:3000 .data/demo-accounts.json
 *
 * The letters are written into the folder in which it is run. The files may be imported again and again: each row is
 * known by its own key, and changes nothing the second time.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createClient, type Client } from '#client/client';
import { idempotencyKey } from '#client/headers';
import type { Credentials } from '#client/session';

const FILES = join(import.meta.dirname, 'finance-morning');
type Kind = 'products' | 'customers' | 'purchases' | 'payments';

export async function signIn(url: string, credentials: Credentials): Promise<Client> {
  const client = createClient({ url, tokenDelivery: 'body', language: () => 'en' });
  await client.session.signIn(credentials);
  return client;
}

/** Asks until the answer is as it must be. What one service books, the others know within moments. */
async function until<T>(ask: () => Promise<T>, ready: (answer: T) => boolean): Promise<T> {
  for (let tries = 0; tries < 300; tries++) {
    const answer = await ask();
    if (ready(answer)) return answer;
    await setTimeout(100);
  }
  throw new Error('It takes too long');
}

/** A file is a job: it is handed in, and asked after until it has ended. */
export async function importFile(client: Client, kind: Kind) {
  const file = new File([await readFile(join(FILES, `${kind}.csv`))], `${kind}.csv`);
  const { id: importId } = await client.post(`/imports/${kind}`, { body: { file } as never });
  const job = await until(
    () => client.get('/imports/{importId}', { params: { path: { importId } } }),
    ({ state }) => state === 'completed' || state === 'failed',
  );
  const faults = job.errors.map(({ row, message }) => `row ${row}: ${message}`);
  if (job.failed > 0) throw new Error(`${kind}: ${faults.join('; ')}`);
  return job;
}

/** Finds the purchase that a bank's line is about, by what the customer is called. */
export async function debtOf(client: Client, name: string) {
  const { items } = await until(
    () => client.get('/arrears', { params: { query: { q: name } } }),
    ({ items }) => items.length > 0,
  );
  return items[0]!;
}

/** Books money that came in. The key is the bank's own reference: whoever sends it twice books it once. */
export async function recordPayment(
  client: Client,
  { customerId, purchaseId }: { customerId: string; purchaseId: string },
  { amount, paidOn, reference }: { amount: string; paidOn: string; reference: string },
) {
  return client.post('/customers/{customerId}/purchases/{purchaseId}/payments', {
    params: { path: { customerId, purchaseId }, header: idempotencyKey(reference) },
    body: { amount, paidOn, method: 'transfer', reference },
  });
}

/** Notes that a customer has promised to pay: he is not reminded again until the day after. */
export async function notePromise(
  client: Client,
  purchaseId: string,
  promise: { amount: string; date: string; note: string },
) {
  const ofThis = (reminder: { kind: string; purchaseId: string }) =>
    reminder.kind === 'arrears' && reminder.purchaseId === purchaseId;
  const { items } = await until(
    () => client.get('/reminders', { params: { query: { limit: 200 } } }),
    ({ items }) => items.some(ofThis),
  );
  const reminder = items.find(ofThis)!;
  return client.post('/reminders/{reminderId}/promise', {
    params: { path: { reminderId: reminder.id } },
    body: promise,
  });
}

/** Issues letters to customers and prints them all, in one file. Whoever owes nothing, or has promised, gets none. */
export async function printNotices(client: Client, customerIds: string[]) {
  const issued = await client.post('/dunning-notices', { body: { customerIds } });
  const { data } = await client.raw.GET('/dunning-notices/combined', {
    params: { query: { id: issued.items.map(({ id }) => id) } },
    headers: { accept: 'application/pdf' },
    parseAs: 'arrayBuffer',
  });
  return { ...issued, pdf: Buffer.from(data as ArrayBuffer) };
}

/** What finance is mailed each morning, as it would be now. */
export const readDigest = (client: Client) => client.post('/digests/preview', { body: { kind: 'finance' } });

type Accounts = Record<'admin' | 'finance', Credentials>;

/** The morning itself; `say` is told what was done. */
export async function financeMorning(url: string, accounts: Accounts, say: (line: string) => void) {
  // The shop's system delivers at night, as administrator: only who sells imports purchases. A sweep opens the reminders.
  const shop = await signIn(url, accounts.admin);
  for (const kind of ['products', 'customers', 'purchases'] as const) await importFile(shop, kind);

  const clerk = await signIn(url, accounts.finance);
  const payments = await importFile(clerk, 'payments');
  say(`Payments imported: ${payments.created} new, ${payments.unchanged} known`);

  const [port, cloth] = [await debtOf(clerk, '南沙港务'), await debtOf(clerk, '虎门布行')];
  await shop.post('/reminder-sweeps', { body: {} });
  const { asOf } = await clerk.get('/arrears/summary');
  const paid = await recordPayment(clerk, port, { amount: '4000.00', paidOn: asOf, reference: `bank-${asOf}-0017` });
  say(`${port.customerName} has paid ${paid.amount}`);

  const inAWeek = new Date(Date.parse(asOf) + 7 * 86_400_000).toISOString().slice(0, 10);
  const promise = { amount: cloth.balance, date: inAWeek, note: 'Ms Lin, by telephone' };
  const promised = await notePromise(clerk, cloth.purchaseId, promise);
  say(`${cloth.customerName} promises to pay ${cloth.balance} by ${promise.date}`);

  const names = ['都可茶饮', '小榄五金'];
  const debtors = [port, cloth, ...(await Promise.all(names.map((name) => debtOf(clerk, name))))];
  await until(
    () => debtOf(clerk, '南沙港务'),
    ({ balance }) => balance !== port.balance,
  );
  const notices = await printNotices(
    clerk,
    debtors.map(({ customerId }) => customerId),
  );
  for (const { number, customerName, total } of notices.items) say(`Notice ${number}: ${customerName}, ${total}`);

  const digest = await readDigest(clerk);
  say(`Owed in all: ${digest.summary.total} ${digest.summary.currency} by ${digest.summary.customers} customers`);
  return { payments, paid, promised, notices, digest };
}

if (process.argv[1] === import.meta.filename) {
  const [, , url = 'http://localhost:3000', accountsFile = '.data/demo-accounts.json'] = process.argv;
  const accounts = JSON.parse(await readFile(accountsFile, 'utf8')) as Credentials[];
  const named = (username: string) => accounts.find((one) => one.username === username)!;
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  const { notices } = await financeMorning(url, { admin: named('admin'), finance: named('finance') }, say);
  await writeFile('notices.pdf', notices.pdf);
  say('The letters are in notices.pdf');
}
