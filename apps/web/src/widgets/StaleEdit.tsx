import { Alert, Button, Flex, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sameValue, valueAt, withValueAt } from './changes.rules.js';
import './StaleEdit.css';

export interface VersionedField {
  /** Where the form has it. */
  path: string[];
  label: string;
  show?: (value: unknown) => string | undefined;
}

const shown = (value: unknown) => (Array.isArray(value) ? value.join(', ') : (value as string | number | undefined));

/** Someone has saved in the meantime: both versions side by side, and for each field the one that is to stay. */
export function StaleEdit<Values extends object>({
  fields,
  mine,
  theirs,
  before,
  onSettle,
}: {
  fields: VersionedField[];
  mine: Values;
  theirs: object;
  before: object | undefined;
  onSettle: (values: Values) => void;
}) {
  const { t } = useTranslation();
  const differing = fields.filter(({ path }) => !sameValue(valueAt(mine, path), valueAt(theirs, path)));
  // What I haven't touched is theirs by itself.
  const touched = ({ path }: VersionedField) => !sameValue(valueAt(mine, path), valueAt(before, path));
  const [kept, setKept] = useState(() => new Set(differing.filter(touched).map(({ label }) => label)));
  const choose = (label: string, keep: boolean) => {
    const next = new Set(kept);
    if (keep) next.add(label);
    else next.delete(label);
    setKept(next);
  };
  const settle = () => {
    const given = differing.filter(({ label }) => !kept.has(label));
    onSettle(given.reduce((values, { path }) => withValueAt(values, path, valueAt(theirs, path)), mine));
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
              {differing.map(({ path, label, show = shown }) => (
                <tr key={label}>
                  <th scope="row">{label}</th>
                  <td>
                    <Radio checked={kept.has(label)} onChange={() => choose(label, true)}>
                      {show(valueAt(mine, path)) ?? '—'}
                    </Radio>
                  </td>
                  <td>
                    <Radio checked={!kept.has(label)} onChange={() => choose(label, false)}>
                      {show(valueAt(theirs, path)) ?? '—'}
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
