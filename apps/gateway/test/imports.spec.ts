import { customersImports, salesImports, type ImportRow } from '#contracts/imports';
import { AppError, notFound } from '#contracts/errors';
import { id, someone, startGateway, type TestGateway } from './fake-platform.js';

const importId = id();
const job = (more: object = {}) => ({
  id: importId,
  kind: 'customers',
  state: 'queued',
  dryRun: false,
  ...{ total: 0, processed: 0, created: 0, updated: 0, unchanged: 0, failed: 0, warnings: [], errors: [] },
  ...more,
});

interface Problem {
  errors: { pointer: string }[];
}

let gateway: TestGateway;
let authorization: string;
beforeAll(async () => {
  gateway = await startGateway({ IMPORT_MAX_BYTES: '100000' });
  authorization = await gateway.bearer(someone('administrator'));
});
beforeEach(() => {
  for (const owner of [customersImports, salesImports]) {
    gateway.bus.on(owner.start, () => job());
    gateway.bus.on(owner.append, () => ({}));
    gateway.bus.on(owner.finish, () => job({ total: 1 }));
  }
  gateway.bus.asked.splice(0);
});
afterAll(() => gateway.app.close());

const upload = (text: string | Buffer, path = '/api/v1/imports/customers', name = '客户.csv') =>
  gateway.http.post(path).set({ authorization }).attach('file', Buffer.from(text), name);
const handedOver = () =>
  gateway.bus.passedOn
    .filter(({ subject }) => subject.endsWith('.import.append'))
    .flatMap(({ input }) => (input as { rows: ImportRow[] }).rows);

describe('a file that comes in', () => {
  it('is handed over to its owner, and is a job from then on [A11]', async () => {
    const response = await upload('\ufeffCode,Name\r\nA1,中興\r\n\r\nA2,"x, y"\r\n');
    expect([response.status, response.headers['location'], response.body]).toEqual([
      202,
      `/api/v1/imports/${importId}`,
      job({ total: 1 }),
    ]);
    expect(gateway.bus.passedOn).toMatchObject([
      {
        subject: 'rpc.customers.import.start',
        input: { kind: 'customers', dryRun: false, fileName: '客户.csv', header: ['code', 'name'] },
      },
      { subject: 'rpc.customers.import.append', input: { importId, batch: 0 } },
      { subject: 'rpc.customers.import.finish', input: { importId, batches: 1 } },
    ]);
    expect(handedOver()).toEqual([
      { row: 2, values: { code: 'A1', name: '中興' } },
      { row: 4, values: { code: 'A2', name: 'x, y' } },
    ]);
  });

  it.each(['products', 'purchases', 'payments'])('of %s goes to sales', async (kind) => {
    const response = await upload('code\nA1\n', `/api/v1/imports/${kind}?dryRun=true`);
    expect(response.status).toBe(202);
    expect(gateway.bus.passedOn[0]).toMatchObject({ subject: 'rpc.sales.import.start', input: { kind, dryRun: true } });
  });

  it('goes over in numbered batches', async () => {
    await upload(`code\n${Array.from({ length: 1_200 }, (_, index) => `A${index}\n`).join('')}`);
    expect(gateway.bus.passedOn.slice(1)).toMatchObject([
      { input: { batch: 0 } },
      { input: { batch: 1 } },
      { input: { batch: 2 } },
      { input: { batches: 3 } },
    ]);
    expect(handedOver()).toHaveLength(1_200);
  });

  it('keeps rows with too many or too few cells, marked as such', async () => {
    await upload('code,name\nA1\nA2,x,y\nA3,z\n');
    expect(handedOver().map(({ row, fault }) => [row, fault?.code])).toEqual([
      [2, 'too-few-columns'],
      [3, 'too-many-columns'],
      [4, undefined],
    ]);
  });

  it('waits for an owner that is away for a moment', async () => {
    let tries = 0;
    gateway.bus.on(customersImports.append, () => {
      if (++tries < 3) throw new AppError('unavailable', 'no-responders');
      return {};
    });
    expect((await upload('code\nA1\n')).status).toBe(202);
    const batches = gateway.bus.passedOn.filter(({ subject }) => subject.endsWith('append'));
    expect(batches.map(({ input }) => (input as { batch: number }).batch)).toEqual([0, 0, 0]);
  });

  it('tells what its owner finds wrong with it', async () => {
    const errors = [{ pointer: '/header/1', code: 'unknown-column', message: 'Unknown column' }];
    gateway.bus.on(customersImports.start, () => {
      throw new AppError('invalid', 'validation', { errors });
    });
    const response = await upload(`code,nick\n${'A1,x\n'.repeat(10_000)}`);
    expect([response.status, response.body.errors]).toEqual([400, errors]);
  });
});

describe('a file that can not be taken', () => {
  it.each([
    ['empty', '', 400, 'validation'],
    ['without a header', '\n\n', 400, 'validation'],
    ['with a quote that never ends', 'code\n"A1\nA2\n', 400, 'unreadable-file'],
    ['that is no text', Buffer.from([0x61, 0x2c, 0, 1, 2, 3]), 400, 'unreadable-file'],
    ['that is an old spreadsheet', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 415, 'spreadsheet-not-supported'],
    ['that is no workbook', Buffer.from('504b030414000600', 'hex'), 400, 'unreadable-file'],
    ['over the limit', `code\n${'A1\n'.repeat(34_000)}`, 413, 'file-too-large'],
    ['far over the limit', 'x'.repeat(300_000), 413, 'file-too-large'],
  ])('%s is told so, and is no job', async (_what, file, status, slug) => {
    const response = await upload(file);
    expect([response.status, response.body.type]).toEqual([status, `urn:hongfuxing:problem:${slug}`]);
    expect(gateway.bus.passedOn.filter(({ subject }) => subject.endsWith('finish'))).toEqual([]);
  });

  it.each([
    ['whose form breaks off', 'x', '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\ncode\nA1'],
    ['whose form names no boundary', '', 'code\nA1\n'],
    ['whose boundary is endless', 'x'.repeat(300), 'code\nA1\n'],
  ])('%s is no form', async (_what, boundary, form) => {
    const type = `multipart/form-data; boundary=${boundary}`;
    const post = gateway.http.post('/api/v1/imports/customers').set({ authorization, 'content-type': type });
    const { status, body } = await post.send(form);
    expect([status, body.type]).toEqual([400, 'urn:hongfuxing:problem:malformed-request']);
  });

  it('is given up with its owner, once it has begun there', async () => {
    const abandoned = () => gateway.bus.passedOn.filter(({ subject }) => subject.endsWith('abandon'));
    await upload(`code\n${'A1\n'.repeat(30_000)}"A2`);
    expect(abandoned()).toMatchObject([{ input: { importId: expect.any(String) as string } }]);
    await upload('');
    expect(abandoned()).toHaveLength(1);
  });

  it('is one that is not there, in another field, or not alone', async () => {
    const post = () => gateway.http.post('/api/v1/imports/customers').set({ authorization });
    const file = Buffer.from('code\nA1\n');
    const answers = [
      await post().field('note', 'x'),
      await post().attach('upload', file, 'a.csv'),
      await post().attach('file', file, 'a.csv').attach('file', file, 'b.csv'),
      await post().attach('file', file, 'a.csv').field('dryRun', 'true'),
      await post().set('content-type', 'multipart/form-data; boundary=x').send('--x--\r\n'),
    ];
    const told = answers.map(({ status, body }) => [status, (body as Problem).errors[0]?.pointer]);
    expect(told).toEqual([
      [400, '/note'],
      [400, '/upload'],
      [400, '/file'],
      [400, '/dryRun'],
      [400, '/file'],
    ]);
    expect((await post().send({})).status).toBe(415);
    expect(gateway.bus.passedOn.filter(({ subject }) => subject.endsWith('finish'))).toEqual([]);
  });

  it('is one of a kind that the role may not import', async () => {
    const finance = await gateway.bearer(someone('finance'));
    const send = (kind: string) =>
      gateway.http
        .post(`/api/v1/imports/${kind}`)
        .set('authorization', finance)
        .attach('file', Buffer.from('ref\nP1\n'), 'a.csv');
    const kinds = ['customers', 'products', 'purchases', 'payments'];
    const statuses = await Promise.all(kinds.map(async (kind) => (await send(kind)).status));
    expect(statuses).toEqual([403, 403, 403, 202]);
  });
});

describe('an import', () => {
  const unknown = () => {
    throw notFound();
  };
  const get = (path = '') => gateway.http.get(`/api/v1/imports/${importId}${path}`).set({ authorization });

  it('is found with whichever service has it', async () => {
    gateway.bus.on(customersImports.get, unknown);
    gateway.bus.on(salesImports.get, () => job({ kind: 'payments' }));
    expect((await get()).body).toMatchObject({ id: importId, kind: 'payments' });
    gateway.bus.on(salesImports.get, unknown);
    expect((await get()).status).toBe(404);
    gateway.bus.on(salesImports.get, () => {
      throw new AppError('unavailable', 'no-responders');
    });
    expect((await get()).status).toBe(503);
  });

  it('gives its faulty rows as a file', async () => {
    const header = ['code', 'name'];
    const faults = [{ row: 3, field: 'name', code: 'required', message: 'Must be filled in' }];
    gateway.bus.on(customersImports.faults, ({ afterRow = 0 }: { afterRow?: number }) => ({
      header,
      rows: afterRow === 0 ? [{ row: 3, values: { code: '=A3', name: '' }, faults }] : [],
      done: afterRow > 0,
    }));
    gateway.bus.on(salesImports.faults, unknown);
    const response = await get('/errors.csv');
    expect(response.status).toBe(200);
    expect(response.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="import-${importId}-errors.csv"`,
    });
    expect(response.text.replace('\ufeff', '')).toBe("code,name,error\r\n'=A3,,name: Must be filled in\r\n");

    gateway.bus.on(customersImports.faults, unknown);
    const missing = await get('/errors.csv');
    expect([missing.status, missing.headers['content-type']]).toEqual([404, 'application/problem+json; charset=utf-8']);
  });
});
