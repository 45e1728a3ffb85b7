import { DeleteOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Flex, Form, Input, Modal, Select } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NewQuote } from '#contracts/quotes';
import { useMoney } from '../../app/useMoney.js';
import { useToday } from '../../app/useToday.js';
import { faultsOf } from '../../widgets/faultsOf.js';
import { useFieldFaults } from '../../widgets/useFieldFaults.js';
import { payableOf, sumOf } from '../purchase/amounts.rules.js';
import { lastPricesQuery } from '../purchase/purchase.queries.js';
import { SET_STATES, type Quote } from './quote.queries.js';
import './QuoteForm.css';
import { useQuoteOperations } from './useQuoteOperations.js';

const ProductChooser = lazy(() => import('../product/ProductChooser.js'));
interface Line {
  productId?: string;
  description?: string;
  unit?: string;
  quantity?: string;
  unitPrice?: string;
  guidePrice?: string;
}
interface Values {
  quotedOn: string;
  validUntil?: string;
  state: Quote['state'];
  note?: string;
  lines?: Line[];
}

/** A line as the API takes it. */
const sent = ({ productId, description, unit, quantity, unitPrice }: Line) =>
  Object.fromEntries(
    Object.entries({ productId, description, unit, quantity, unitPrice }).filter(([, value]) => value),
  );

export default function QuoteForm({
  customerId,
  quote,
  readOnly,
  onClose,
}: {
  customerId: string;
  quote?: Quote;
  readOnly: boolean;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const money = useMoney();
  const today = useToday();
  const [form] = Form.useForm<Values>();
  const [choosing, setChoosing] = useState(false);
  const showFaults = useFieldFaults(form);
  const { create, update } = useQuoteOperations();
  const lines = Form.useWatch('lines', form) ?? [];
  const productIds = [...new Set(lines.flatMap((line) => line?.productId ?? []))].sort();
  const lastPrices = useQuery(lastPricesQuery(customerId, productIds)).data;
  const save = ({ lines: typed = [], quotedOn, validUntil, state, note }: Values) => {
    const settable = SET_STATES.find((one) => one === state);
    const body = {
      lines: typed.map(sent) as { quantity: string }[],
      quotedOn,
      ...(settable && { state: settable }),
      ...(validUntil && { validUntil }),
      ...(note && { note }),
    };
    const faults = faultsOf(NewQuote, body);
    if (faults.length > 0) return showFaults(faults);
    const options = { onSuccess: onClose, onError: showFaults };
    if (quote)
      update.mutate({ quote, patch: { ...body, validUntil: validUntil || null, note: note || null } }, options);
    else create.mutate({ customerId, quote: { ...body, state: settable ?? 'draft' } }, options);
  };
  const hint = ({ productId, guidePrice }: Line) => {
    const last = productId && lastPrices?.get(productId);
    return [
      guidePrice && t('purchase.guide', { price: money(guidePrice) }),
      last && t('purchase.last', { price: money(last.unitPrice), on: last.on }),
    ]
      .filter(Boolean)
      .join(' · ');
  };
  return (
    <Modal
      open
      title={quote ? t('quote.title', { number: quote.number }) : t('quote.add')}
      okText={t('form.ok')}
      okButtonProps={{ disabled: readOnly }}
      confirmLoading={create.isPending || update.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      mask={{ closable: false }}
      width={760}
      style={{ top: 48 }}
    >
      <Form
        form={form}
        layout="vertical"
        disabled={readOnly}
        initialValues={quote ?? { quotedOn: today, state: 'draft', lines: [] }}
        onFinish={(values) => save(values)}
      >
        <div className="two-columns">
          <Form.Item name="quotedOn" label={t('quote.quotedOn')}>
            <Input type="date" />
          </Form.Item>
          <Form.Item name="validUntil" label={t('quote.validUntil')}>
            <Input type="date" />
          </Form.Item>
          <Form.Item name="state" label={t('quote.state')}>
            <Select options={SET_STATES.map((value) => ({ value, label: t(`quote.states.${value}`) }))} />
          </Form.Item>
        </div>
        <Form.List name="lines">
          {(fields, { add, remove }) => (
            <>
              {fields.map(({ key, name }) => (
                <fieldset key={key} className="quote-line">
                  <legend className="visually-hidden">{t('quote.line', { number: name + 1 })}</legend>
                  <Form.Item
                    name={[name, 'description']}
                    label={t('quote.description')}
                    rules={[{ required: true, message: t('form.required') }]}
                  >
                    <Input maxLength={200} />
                  </Form.Item>
                  <Form.Item
                    name={[name, 'quantity']}
                    label={t('purchase.quantity')}
                    rules={[{ required: true, message: t('form.required') }]}
                  >
                    <Input inputMode="decimal" className="number" />
                  </Form.Item>
                  <Form.Item
                    name={[name, 'unitPrice']}
                    label={t('purchase.unitPrice')}
                    rules={[{ required: true, message: t('form.required') }]}
                    extra={hint(lines[name] ?? {})}
                  >
                    <Input inputMode="decimal" className="number" />
                  </Form.Item>
                  <output className="number">
                    {money(payableOf(lines[name]?.quantity, lines[name]?.unitPrice)) || '—'}
                  </output>
                  <Button
                    type="text"
                    icon={<DeleteOutlined />}
                    aria-label={t('quote.removeLine', { number: name + 1 })}
                    onClick={() => remove(name)}
                  />
                </fieldset>
              ))}
              <Flex gap={8} align="center" wrap>
                <Button onClick={() => setChoosing(true)}>{t('quote.addProducts')}</Button>
                <Button onClick={() => add({ quantity: '1' })}>{t('quote.addFree')}</Button>
                <span className="bar-space" />
                <span>
                  {t('quote.total')}{' '}
                  <b className="number">
                    {money(sumOf(lines.map((line) => payableOf(line?.quantity, line?.unitPrice))))}
                  </b>
                </span>
              </Flex>
              <Suspense>
                {choosing && (
                  <ProductChooser
                    onClose={() => setChoosing(false)}
                    onChoose={(products) =>
                      products.forEach(({ id, name, unit, guidePrice }) =>
                        add({
                          productId: id,
                          description: name,
                          unit,
                          quantity: '1',
                          unitPrice: guidePrice,
                          guidePrice,
                        }),
                      )
                    }
                  />
                )}
              </Suspense>
            </>
          )}
        </Form.List>
        <Form.Item name="note" label={t('quote.note')} style={{ marginTop: 12 }}>
          <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
