import type { AppError } from '#contracts/errors';
import { createCustomer, customerChanged, getCustomer, listCustomers, updateCustomer } from '#contracts/customers';
import { createCustomField, deleteCustomField, listCustomFields, updateCustomField } from '#contracts/custom-fields';
import { customersImports } from '#contracts/imports';
import { CustomerImport } from '../src/customer/customer-import.js';
import { as, refusal, startCustomers, told, type Fixture } from './fixture.js';

let f: Fixture;
beforeAll(async () => (f = await startCustomers()), 60_000);
afterAll(async () => f.close());

const define = (field: object) =>
  f.ask(createCustomField, { label: 'Field', type: 'text', key: 'x', ...field }, as(f.admin));
const list = async () => (await f.ask(listCustomFields, {}, as(f.anna))).items;
const faults = (request: Promise<unknown>) =>
  request.then(
    () => [],
    ({ details }: AppError) =>
      (details['errors'] as { pointer: string; code: string }[]).map((e) => [e.pointer, e.code]),
  );
let serial = 0;
const made = (customFields: object, who = f.anna) => {
  const name = `Custom ${++serial}`;
  return f.customer(who, name, name, { customFields });
};

describe('custom fields', () => {
  it('are defined by the administrator, in an order, each key once [C7]', async () => {
    expect(await refusal(f.ask(createCustomField, { key: 'a', label: 'A', type: 'text' }, as(f.anna)))).toBe(
      'forbidden/forbidden',
    );
    const grade = await define({ key: 'grade', label: '等级', type: 'choice', options: ['甲', '乙'] });
    const seats = await define({ key: 'seats', type: 'number' });
    await define({ key: 'listed', type: 'boolean' });
    await define({ key: 'founded', type: 'date' });
    await define({ key: 'motto', type: 'text' });
    expect(await refusal(define({ key: 'grade' }))).toBe('conflict/field-key-taken');
    expect(await refusal(define({ key: 'no_options', type: 'choice' }))).toBe('invalid/validation');
    expect(await refusal(define({ key: 'Not a key' }))).toBe('invalid/validation');

    const update = (fieldId: string, patch: object, ifMatch: number | '*' = '*') =>
      f.ask(updateCustomField, { fieldId, patch }, as(f.admin, { ifMatch }));
    expect(await update(seats.id, { label: '人数', position: 0 })).toMatchObject({ label: '人数', position: 0 });
    expect((await list()).map(({ key }) => key)).toEqual(['seats', 'grade', 'listed', 'founded', 'motto']);
    expect((await list()).map(({ position }) => position)).toEqual([0, 1, 2, 3, 4]);
    expect(await refusal(update(seats.id, { options: ['1'] }))).toBe('invalid/validation');
    expect(await refusal(update(grade.id, { label: 'Stale' }, 1))).toBe('precondition-failed/stale-version');
  });

  it('hold values of their type alone; each wrong one is named [C7]', async () => {
    const customer = await made({ grade: '甲', seats: 12, listed: true, founded: '1999-01-31', motto: '勤' });
    expect(customer.customFields).toEqual({ grade: '甲', seats: 12, listed: true, founded: '1999-01-31', motto: '勤' });
    expect(
      await faults(made({ grade: '丙', seats: '12', listed: 'yes', founded: '1999-02-30', motto: 1, unknown: 1 })),
    ).toEqual([
      ['/customFields/grade', 'invalid-option'],
      ['/customFields/seats', 'invalid-type'],
      ['/customFields/listed', 'invalid-type'],
      ['/customFields/founded', 'invalid-format'],
      ['/customFields/motto', 'invalid-type'],
      ['/customFields/unknown', 'unknown-field'],
    ]);
    const edit = (customFields: Record<string, string | number | null>) =>
      f.ask(updateCustomer, { customerId: customer.id, patch: { customFields } }, as(f.anna));
    const edited = await edit({ seats: 13, motto: null });
    expect(edited.customFields).toEqual({ grade: '甲', seats: 13, listed: true, founded: '1999-01-31' });
    expect((await edit({ seats: 13 })).version).toBe(edited.version);
    const changes = (await told<{ id: string; changes: unknown[] }>(f.db, customerChanged.subject))
      .filter(({ data }) => data.id === customer.id)
      .at(-1)?.data.changes;
    expect(changes).toEqual([
      { field: 'customFields.seats', from: 12, to: 13 },
      { field: 'customFields.motto', from: '勤', to: null },
    ]);
  });

  it('are named where they are required and missing, and block no edit that leaves them alone [C4, C7]', async () => {
    const before = await made({});
    const field = await define({ key: 'needed', required: true });
    expect(await faults(f.ask(createCustomer, { name: 'N', keyword: 'N' }, as(f.anna)))).toEqual([
      ['/customFields/needed', 'required'],
    ]);
    const edit = (patch: object) => f.ask(updateCustomer, { customerId: before.id, patch }, as(f.anna));
    expect((await edit({ note: 'n' })).version).toBe(2);
    expect(await faults(edit({ customFields: { motto: 'm' } }))).toEqual([['/customFields/needed', 'required']]);
    await edit({ customFields: { needed: 'there' } });
    expect(await faults(edit({ customFields: { needed: null } }))).toEqual([['/customFields/needed', 'required']]);
    await f.ask(deleteCustomField, { fieldId: field.id }, as(f.admin));
  });

  it('are filters of the list, blind to script; a field that there isn’t is refused [C7]', async () => {
    const who = await f.person('salesperson', 'custom-filterer');
    const one = await made({ grade: '乙', seats: 7, motto: '勤儉興業' }, who);
    const two = await made({ grade: '乙', seats: 8.5, listed: false }, who);
    const hits = async (...custom: string[]) =>
      (await f.ask(listCustomers, { custom, sort: 'createdOn' }, as(who))).items.map(({ id }) => id);
    expect(await hits('grade:乙')).toEqual([one.id, two.id]);
    expect(await hits('grade:乙', 'seats:7.0')).toEqual([one.id]);
    expect(await hits('motto:勤俭兴业')).toEqual([one.id]);
    expect(await hits('seats:8.5')).toEqual([two.id]);
    expect(await hits('listed:false')).toEqual([two.id]);
    expect(await hits('grade:甲')).toEqual([]);
    for (const wrong of ['unknown:1', 'seats:many', 'listed:maybe', 'needed:there']) {
      expect(await faults(hits(wrong))).toEqual([['/custom', 'unknown-field']]);
    }
  });

  it('keep their values, unseen, when they are deleted, until they are made again [C7]', async () => {
    const { id: fieldId } = await define({ key: 'fleeting' });
    const { id: customerId } = await made({ fleeting: 'stays', seats: 1 });
    const seen = async () => (await f.ask(getCustomer, { customerId }, as(f.anna))).customFields;
    await f.ask(deleteCustomField, { fieldId }, as(f.admin));
    expect(await seen()).toEqual({ seats: 1 });
    await f.ask(updateCustomer, { customerId, patch: { customFields: { seats: 2 } } }, as(f.anna));
    expect(await refusal(define({ key: 'fleeting', type: 'number' }))).toBe('conflict/field-type-kept');
    expect(await define({ key: 'fleeting', label: 'Again' })).toMatchObject({ id: fieldId, label: 'Again' });
    expect(await seen()).toEqual({ fleeting: 'stays', seats: 2 });
  });

  it('are columns of an import [C7, C48]', async () => {
    const start = (header: string[]) =>
      f.ask(customersImports.start, { kind: 'customers', dryRun: true, fileName: 'a.csv', header }, as(f.admin));
    const usual = ['code', 'name', 'keyword'];
    expect((await start([...usual, 'custom.grade', 'custom.seats'])).state).toBe('queued');
    expect(await faults(start([...usual, 'custom.none']))).toEqual([['/header/3', 'unknown-column']]);

    const field = await define({ key: 'must', required: true });
    const apply = (...values: Record<string, string>[]) =>
      f.db.dataSource.transaction((tx) =>
        f.service.app.get(CustomerImport).applyBatch(
          tx,
          f.admin,
          values.map((cells, n) => ({ row: n + 2, values: cells })),
        ),
      );
    const row = { code: 'CF-1', name: 'Imported fields', keyword: 'Imported fields' };
    const filled = {
      ...row,
      'custom.grade': '甲',
      'custom.seats': '1,200',
      'custom.listed': '是',
      'custom.founded': '1999/1/2',
      'custom.must': 'm',
    };
    expect(await apply(filled)).toMatchObject([{ outcome: 'created' }]);
    expect(await apply(filled)).toMatchObject([{ outcome: 'unchanged' }]);
    const [imported] = (await f.ask(listCustomers, { q: 'CF-1' }, as(f.admin))).items;
    expect(imported?.customFields).toEqual({
      grade: '甲',
      seats: 1200,
      listed: true,
      founded: '1999-01-02',
      must: 'm',
    });
    expect(await apply({ ...row, code: 'CF-2', 'custom.grade': '丁', 'custom.seats': 'x' })).toMatchObject([
      { outcome: 'failed', faults: [{ field: 'custom.seats' }, { field: 'custom.grade' }] },
    ]);
    expect(await apply({ ...row, code: 'CF-3' })).toMatchObject([
      { outcome: 'failed', faults: [{ field: 'custom.must', code: 'required' }] },
    ]);
    await f.ask(deleteCustomField, { fieldId: field.id }, as(f.admin));
  });
});
