import { DeleteOutlined } from '@ant-design/icons';
import type { components } from '#client/schema';
import { Button, Checkbox, Input, Tag } from 'antd';
import { useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMoney } from '../../app/useMoney.js';
import { balanceOf, isArrears, payableOf } from './amounts.rules.js';
import type { NewLine } from './newLine.js';

type TextField = Exclude<keyof NewLine, 'key' | 'remind'>;

export function NewPurchaseLine({
  line,
  last,
  faultOf,
  onChange,
  onRemove,
}: {
  line: NewLine;
  last?: components['schemas']['LastPrice'];
  faultOf: (field: string) => string | undefined;
  onChange: (change: Partial<NewLine>) => void;
  onRemove: () => void;
}) {
  const { t } = useTranslation();
  const money = useMoney();
  const payable = payableOf(line.quantity, line.unitPrice);
  const balance = payable && balanceOf(payable, line.paid);
  const input = (field: TextField, type: 'date' | 'decimal') => ({
    size: 'small' as const,
    value: line[field],
    status: faultOf(field) ? ('error' as const) : undefined,
    type: type === 'date' ? 'date' : undefined,
    inputMode: type === 'decimal' ? ('decimal' as const) : undefined,
    className: type === 'decimal' ? 'number' : undefined,
    onChange: ({ target }: { target: { value: string } }) => onChange({ [field]: target.value }),
  });
  return (
    <fieldset className="line">
      <legend className="visually-hidden">{line.productName}</legend>
      <div className="line-product">
        <b>{line.productName}</b>
        {isArrears(balance) && <Tag color="error">{t('purchase.arrears')}</Tag>}
        <Button
          size="small"
          type="text"
          icon={<DeleteOutlined />}
          aria-label={t('purchase.removeLine', { name: line.productName })}
          onClick={onRemove}
        />
      </div>
      <LineField label={t('purchase.quantity')} fault={faultOf('quantity')} required>
        {(id) => <Input id={id} {...input('quantity', 'decimal')} suffix={line.unit} />}
      </LineField>
      <LineField
        label={t('purchase.unitPrice')}
        fault={faultOf('unitPrice')}
        required
        hint={
          <>
            {t('purchase.guide', { price: money(line.guidePrice) })}
            {last && <> · {t('purchase.last', { price: money(last.unitPrice), on: last.on })}</>}
          </>
        }
      >
        {(id) => <Input id={id} {...input('unitPrice', 'decimal')} />}
      </LineField>
      <LineField label={t('purchase.payable')}>
        {(id) => (
          <output id={id} className="number line-payable">
            {payable ? money(payable) : '—'}
          </output>
        )}
      </LineField>
      <LineField label={t('purchase.paid')} fault={faultOf('paid')}>
        {(id) => <Input id={id} {...input('paid', 'decimal')} placeholder="0.00" />}
      </LineField>
      <LineField label={t('purchase.soldOn')} fault={faultOf('soldOn')}>
        {(id) => <Input id={id} {...input('soldOn', 'date')} />}
      </LineField>
      <LineField label={t('purchase.dueOn')} fault={faultOf('dueOn')}>
        {(id) => <Input id={id} {...input('dueOn', 'date')} />}
      </LineField>
      <LineField label={t('purchase.annualFee')} fault={faultOf('annualFee')}>
        {(id) => <Input id={id} {...input('annualFee', 'decimal')} />}
      </LineField>
      <LineField label={t('purchase.serviceEndsOn')} fault={faultOf('serviceEndsOn')}>
        {(id) => <Input id={id} {...input('serviceEndsOn', 'date')} />}
      </LineField>
      <Checkbox
        className="line-remind"
        checked={line.remind}
        onChange={({ target }) => onChange({ remind: target.checked })}
      >
        {t('purchase.remind')}
      </Checkbox>
    </fieldset>
  );
}

function LineField({
  label,
  fault,
  hint,
  required = false,
  children,
}: {
  label: string;
  fault?: string;
  hint?: ReactNode;
  required?: boolean;
  children: (id: string) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="line-field">
      <label htmlFor={id} className={required ? 'required' : undefined}>
        {label}
      </label>
      {children(id)}
      {hint && <small className="quiet">{hint}</small>}
      {fault && (
        <small className="arrears" role="alert">
          {fault}
        </small>
      )}
    </div>
  );
}
