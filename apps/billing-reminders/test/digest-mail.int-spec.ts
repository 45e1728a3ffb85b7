import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { ALL, newId, type Books } from './books.js';
import { openPostOffice, type PostOffice } from './post-office.js';

let office: PostOffice;
let books: Books;
beforeEach(async () => {
  office = await openPostOffice();
  books = office.books;
});
afterEach(() => office.close());

describe('by SMTP', () => {
  let server: SMTPServer;
  const received: string[] = [];
  const listen = async (options: SMTPServerOptions) => {
    received.length = 0;
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, _session, done) => {
        void text(stream).then((mail) => {
          received.push(mail);
          done();
        });
      },
      ...options,
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { SMTP_URL: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}` };
  };
  afterEach(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const failing = (responseCode: number) => (_stream: unknown, _session: unknown, done: (error: Error) => void) =>
    done(Object.assign(new Error('no'), { responseCode }));

  test('it arrives; who has no address reads it in the application [B14]', async () => {
    const letters = office.replica(await listen({}));
    const [who, silent] = [await office.subscriber(ALL), await office.subscriber(ALL, { email: null })];
    await letters.run();
    expect(received).toHaveLength(1);
    expect(received[0]).toContain('To: ');
    expect(await office.listOf(who)).toEqual([expect.objectContaining({ state: 'sent' })]);
    expect(await office.listOf(silent)).toEqual([expect.objectContaining({ state: 'sent' })]);
    expect(office.mails()).toEqual([]);
  });

  test('a server that is away is tried again, with the same Message-ID and content [B17]', async () => {
    const settings = await listen({
      onData: (stream, session, done) => {
        stream.resume().once('end', () => failing(451)(stream, session, done));
      },
    });
    const letters = office.replica(settings);
    const who = await office.subscriber(ALL);
    await letters.run();
    const [pending] = await office.listOf(who);
    expect(pending).toMatchObject({ state: 'pending', sentAt: null });
    // Not at once, but after a pause.
    await letters.run();
    expect(await office.listOf(who)).toEqual([pending]);
    await new Promise<void>((resolve) => server.close(() => resolve()));

    await office.debt(newId(), '100.00');
    const again = office.replica(await listen({}));
    await books.dataSource.query(`UPDATE digests SET queued_at = queued_at - interval '1 hour'`);
    await again.run();
    expect(received).toHaveLength(1);
    expect(received[0]).toContain(`digest-${pending!.id}@localhost`);
    expect(await again.service.get(who, { digestId: pending!.id, scope: ALL })).toMatchObject({
      state: 'sent',
      summary: { total: '0.00' },
    });
  });

  test('a refusal for good is the end of it', async () => {
    const settings = await listen({
      onRcptTo: (_address, _session, done) => done(Object.assign(new Error('no such user'), { responseCode: 550 })),
    });
    const letters = office.replica(settings);
    const who = await office.subscriber(ALL);
    await letters.run();
    expect(await office.listOf(who)).toEqual([expect.objectContaining({ state: 'failed' })]);
  });

  describe('a replica that dies is followed by another when its lease is over', () => {
    /** It has taken the digest in hand, and is gone before it could note how it went. */
    const die = () =>
      books.dataSource.query(
        `UPDATE digests SET state = 'sending', sent_at = NULL, failure = NULL,
           lease_until = $1::timestamptz + interval '1 minute'`,
        [books.clock.now()],
      );
    const leaseEnds = () =>
      books.dataSource.query(`UPDATE digests SET lease_until = $1, queued_at = queued_at - interval '1 day'`, [
        books.clock.now(),
      ]);
    const messageIds = () => received.map((mail) => /^Message-ID: (.*)\r?$/m.exec(mail)?.[1]);

    test('between writing and sending: what was written is sent, once [B17]', async () => {
      const settings = await listen({});
      const who = await office.subscriber(ALL);
      await office.debt(newId(), '100.00');
      await office.replica({ SMTP_URL: 'smtp://127.0.0.1:1' }).run();
      await die();
      await office.debt(newId(), '7.00');

      await office.replica(settings).run();
      expect(received).toEqual([]);
      await leaseEnds();
      const replicas = [office.replica(settings), office.replica(settings)];
      await Promise.all(replicas.map((replica) => replica.run()));
      const [digest] = await office.listOf(who);
      expect(messageIds()).toEqual([`<digest-${digest!.id}@localhost>`]);
      expect(await replicas[0]!.service.get(who, { digestId: digest!.id, scope: ALL })).toMatchObject({
        state: 'sent',
        summary: { total: '100.00' },
      });
    });

    test('after the mail server took it: the same mail once more, by its Message-ID, and never again [B17]', async () => {
      const settings = await listen({});
      const who = await office.subscriber(ALL);
      await office.replica(settings).run();
      await die();
      await leaseEnds();
      for (let round = 0; round < 2; round++) {
        await Promise.all([office.replica(settings).run(), office.replica(settings).run()]);
        await books.dataSource.query(`UPDATE digests SET queued_at = queued_at - interval '1 day'`);
      }
      const [digest] = await office.listOf(who);
      expect(digest).toMatchObject({ state: 'sent' });
      expect(messageIds()).toEqual(Array.from({ length: 2 }, () => `<digest-${digest!.id}@localhost>`));
    });
  });

  test('a worker that died while sending is followed by another when its lease is over', async () => {
    const letters = office.replica(await listen({}));
    const who = await office.subscriber(ALL);
    await letters.service.tick();
    const [job] = letters.jobs.splice(0);
    await books.dataSource.query(
      `UPDATE digests SET state = 'sending', tries = 1, lease_until = $1::timestamptz + interval '1 minute'`,
      [books.clock.now()],
    );
    await letters.sender.send(job!);
    expect(received).toEqual([]);
    await books.dataSource.query(`UPDATE digests SET lease_until = $1`, [books.clock.now()]);
    await letters.sender.send(job!);
    expect(received).toHaveLength(1);
    expect(await office.listOf(who)).toEqual([expect.objectContaining({ state: 'sent' })]);
  });
});
