import { getSettings, settingsChanged, updateSettings } from '#contracts/settings';
import { Republisher } from '#messaging/republish';
import { sales, startAuth, type AuthService, type Session } from './auth-service.js';

let service: AuthService;
let admin: Session;
const get = (as = admin) => service.ask(getSettings, {}, as);
const update = (patch: object, ifMatch: number | '*' = '*', as = admin) =>
  service.ask(updateSettings, { patch }, as, { ifMatch });

const USUAL = {
  organisationName: 'Hongfuxing',
  letterhead: {},
  zone: 'Asia/Shanghai',
  currency: 'CNY',
  paymentTermDays: 0,
  serviceFeeLead: 'P1M',
  calendar: { workingDays: [1, 2, 3, 4, 5], holidays: [], extraWorkingDays: [] },
  mail: {},
  version: 1,
};
const CHANGED = {
  organisationName: '鸿福星软件',
  letterhead: { address: '深圳市南山区', phone: '0755-1', bank: '工商银行', account: '4000' },
  currency: 'HKD',
  paymentTermDays: 30,
  serviceFeeLead: 'P45D',
  calendar: { workingDays: [1, 2, 3, 4, 5, 6], holidays: ['2026-10-01'], extraWorkingDays: ['2026-10-11'] },
  mail: { from: 'crm@example.com', replyTo: 'office@example.com' },
};

describe("the organisation's settings", () => {
  beforeEach(async () => {
    service = await startAuth([sales('sales01'), { ...sales('finance01'), role: 'finance' }]);
    admin = await service.signIn('admin', 'admin-password');
  });
  afterEach(() => service.close());

  it('are as usual until the administrator changes them, and everybody reads them [P19]', async () => {
    expect(await get()).toEqual(USUAL);
    const changed = { ...CHANGED, zone: 'Asia/Shanghai', version: 2 };
    expect(await update(CHANGED, 1)).toEqual(changed);
    for (const username of ['sales01', 'finance01']) expect(await get(await service.signIn(username))).toEqual(changed);
  });

  it('are replaced where they are named, and kept where they are not [P19]', async () => {
    await update(CHANGED);
    const letterhead = { phone: '0755-2' };
    const after = await update({ letterhead });
    expect(after).toEqual({ ...CHANGED, letterhead, zone: 'Asia/Shanghai', version: 3 });
    expect(await get()).toEqual(after);
  });

  it('are told with each change in full, and once more when asked for [P19]', async () => {
    const republisher = service.service.app.get(Republisher);
    const users = await republisher.run();
    expect(await service.events('settings')).toEqual([]);

    await update(CHANGED);
    const told = { subject: settingsChanged.subject, version: 2 };
    const usual: Record<string, unknown> = USUAL;
    const changes = Object.entries(CHANGED).map(([field, to]) => ({ field, from: usual[field], to }));
    expect(await service.events('settings')).toEqual([
      { ...told, by: { userId: admin.user.id }, data: { ...CHANGED, changes } },
    ]);
    expect(await republisher.run()).toBe(users + 1);
    expect((await service.events('settings')).at(-1)).toEqual({ ...told, by: null, data: { ...CHANGED, changes: [] } });
  });

  it('are told with what was changed alone, though all of it was sent [P19]', async () => {
    await update(CHANGED);
    await update({ ...CHANGED, currency: 'USD' });
    expect((await service.events('settings')).at(-1)?.data).toMatchObject({
      changes: [{ field: 'currency', from: 'HKD', to: 'USD' }],
    });
  });

  it('are refused to everybody else by the service itself [P19]', async () => {
    for (const username of ['sales01', 'finance01']) {
      const session = await service.signIn(username);
      await expect(update({ currency: 'USD' }, '*', session)).rejects.toMatchObject({ kind: 'forbidden' });
    }
    expect(await get()).toEqual(USUAL);
  });

  it('are not changed over a change that was not seen, and one of several at once wins', async () => {
    const outcomes = await Promise.allSettled([1, 2, 3].map((days) => update({ paymentTermDays: days }, 1)));
    const won = outcomes.filter(({ status }) => status === 'fulfilled');
    expect(won).toHaveLength(1);
    for (const outcome of outcomes.filter((one) => !won.includes(one))) {
      expect(outcome).toMatchObject({ reason: { slug: 'stale-version', details: { current: { version: 2 } } } });
    }
    expect(await get()).toMatchObject({ version: 2 });
    expect(await service.events('settings')).toHaveLength(1);
  });
});
