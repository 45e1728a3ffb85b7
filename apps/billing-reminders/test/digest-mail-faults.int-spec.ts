import { randomFrom, seeds } from '#testing/scale';
import { ALL } from './books.js';
import { CONDUCTS, MailServer, type Conduct } from './mail-server.js';
import { openPostOffice, type PostOffice } from './post-office.js';

let office: PostOffice;
let server: MailServer;
beforeEach(async () => {
  office = await openPostOffice();
  server = await MailServer.open();
});
afterEach(async () => {
  await office.close();
  await server.close();
});

/** What is no fault of this mail. */
const PASSING = (Object.keys(CONDUCTS) as Conduct[]).filter(
  (conduct) => !['takes it', 'knows no such recipient', 'refuses the mail'].includes(conduct),
);

const replica = () => office.replica({ SMTP_URL: server.url, SMTP_TIMEOUT_MS: '500' });

/** What was set back is due again. */
const later = () => office.books.dataSource.query(`UPDATE digests SET queued_at = queued_at - interval '1 day'`);

/** The digest goes out in the end; what the server had taken before without saying so is the same mail again. */
async function arrives(conducts: Conduct[]): Promise<void> {
  const who = await office.subscriber(ALL);
  for (const conduct of conducts) {
    server.conduct = conduct;
    await replica().run();
    expect([conduct, await office.listOf(who)]).toEqual([conduct, [expect.objectContaining({ state: 'pending' })]]);
    await later();
  }
  server.conduct = 'takes it';
  await replica().run();
  const [digest] = await office.listOf(who);
  expect(digest).toMatchObject({ state: 'sent' });
  await later();
  await replica().run();

  const takenBefore = conducts.filter((conduct) => CONDUCTS[conduct].taken).length;
  expect(server.taken).toEqual(Array.from({ length: takenBefore + 1 }, () => `<digest-${digest!.id}@localhost>`));
}

test.each(PASSING)('a mail server that %s does not lose the digest [B17]', (conduct) => arrives([conduct]));

test.each(seeds(3, 40))('nor does one that does one after the other (seed %i)', async (seed) => {
  const roll = randomFrom(seed);
  const count = 2 + Math.floor(roll() * 4);
  await arrives(Array.from({ length: count }, () => PASSING[Math.floor(roll() * PASSING.length)]!));
});

test.each(['knows no such recipient', 'refuses the mail'] as const)(
  'a mail server that %s is not asked again [B17]',
  async (conduct) => {
    const who = await office.subscriber(ALL);
    server.conduct = conduct;
    await replica().run();
    expect(await office.listOf(who)).toEqual([expect.objectContaining({ state: 'failed' })]);
    server.conduct = 'takes it';
    await later();
    await replica().run();
    expect(server.taken).toEqual([]);
  },
);
