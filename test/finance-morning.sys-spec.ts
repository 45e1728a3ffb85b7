import { startTestSystem, type TestSystem } from '#testing/system';
import { financeMorning, importFile, signIn } from '../docs/examples/finance-morning.js';

describe("the example of a finance clerk's morning", () => {
  let system: TestSystem;
  beforeAll(async () => void (system = await startTestSystem()), 120_000);
  afterAll(() => system?.close());

  it('does with the typed client alone what finance does each morning [A12] [B10] [B13] [P4]', async () => {
    const account = (username: string) => system.system.accounts.find((one) => one.username === username)!;
    const accounts = { admin: account('admin'), finance: account('finance') };
    const said: string[] = [];
    const { url } = system.system;
    const morning = await financeMorning(url, accounts, (line) => said.push(line));

    expect(morning.payments).toMatchObject({ state: 'completed', created: 2, failed: 0 });
    expect(morning.paid).toMatchObject({ amount: '4000.00', method: 'transfer' });
    expect(morning.promised).toMatchObject({ kind: 'arrears', state: 'promised', promise: { amount: '6800.00' } });
    // With each customer's fee that is due; who has promised gets none.
    const letters = morning.notices.items.map(({ customerName, total }) => [customerName, total]);
    expect(Object.fromEntries(letters)).toEqual({
      广州市南沙港务有限公司: '3800.00',
      深圳市都可茶饮有限公司: '6000.00',
      中山市小榄五金厂: '20200.00',
    });
    expect(morning.notices.skipped).toMatchObject([{ reason: 'paused' }]);
    expect(morning.notices.pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(morning.digest.summary).toMatchObject({ total: '34400.00', customers: 4, purchases: 4 });
    expect(said.at(-1)).toBe('Owed in all: 34400.00 CNY by 4 customers');

    const again = await importFile(await signIn(url, accounts.finance), 'payments');
    expect(again).toMatchObject({ created: 0, unchanged: 2 });
  });
});
