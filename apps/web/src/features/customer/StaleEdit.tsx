import { Alert, Button, Flex, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStatuses } from '../status/status.queries.js';
import { FORM_FIELDS, type CustomerValues } from './customer.form.js';
import type { Customer } from './customer.queries.js';

type Field = (typeof FORM_FIELDS)[number];
const same = (a: unknown, b: unknown) => JSON.stringify(a || null) === JSON.stringify(b || null);

/** Someone has saved in the meantime: both versions side by side, and for each field the one that is to stay. */
export function StaleEdit({
  mine,
  theirs,
  before,
  onSettle,
}: {
  mine: CustomerValues;
  theirs: Customer;
  before?: Customer;
  onSettle: (values: CustomerValues) => void;
}) {
  const { t } = useTranslation();
  const statuses = useStatuses();
  const differing = FORM_FIELDS.filter((field) => !same(mine[field], theirs[field]));
  // What I haven't touched is theirs by itself.
  const touched = (field: Field) => !same(mine[field], before?.[field]);
  const [kept, setKept] = useState(() => new Set(differing.filter(touched)));
  const show = (field: Field, value: unknown) => {
    if (field === 'statusId') return statuses.find(({ id }) => id === value)?.name;
    return Array.isArray(value) ? value.join(', ') : (value as string | undefined);
  };
  const choose = (field: Field, keep: boolean) => {
    const next = new Set(kept);
    if (keep) next.add(field);
    else next.delete(field);
    setKept(next);
  };
  const settle = () => {
    const values: Record<string, unknown> = { ...mine };
    for (const field of differing) if (!kept.has(field)) values[field] = theirs[field];
    onSettle(values);
  };
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      className="form-alert"
      title={t('stale.title')}
      description={
        <>
          <table className="versions">
            <thead>
              <tr>
                <th scope="col">{t('stale.field')}</th>
                <th scope="col">{t('stale.mine')}</th>
                <th scope="col">{t('stale.theirs')}</th>
              </tr>
            </thead>
            <tbody>
              {differing.map((field) => (
                <tr key={field}>
                  <th scope="row">{t(`customer.${field === 'statusId' ? 'status' : field}`)}</th>
                  <td>
                    <Radio checked={kept.has(field)} onChange={() => choose(field, true)}>
                      {show(field, mine[field]) || '—'}
                    </Radio>
                  </td>
                  <td>
                    <Radio checked={!kept.has(field)} onChange={() => choose(field, false)}>
                      {show(field, theirs[field]) || '—'}
                    </Radio>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <Flex justify="end">
            <Button size="small" type="primary" onClick={settle}>
              {t('stale.settle')}
            </Button>
          </Flex>
        </>
      }
    />
  );
}
