import type { ProblemError } from '#client/problem';
import { Button, DatePicker, Form, Input, InputNumber, Select } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SettingsPatch, type Settings } from '#contracts/settings';
import { faultsOf } from '../../widgets/faultsOf.js';
import { Panel } from '../../widgets/Panel.js';
import { SpanInput } from '../../widgets/SpanInput.js';
import { StaleEdit } from '../../widgets/StaleEdit.js';
import { useFieldFaults } from '../../widgets/useFieldFaults.js';
import { DAYS, LETTERHEAD, MAIL, patchOf, valuesOf, type Values } from './organisation.form.js';
import { useSaveOrganisation } from './useOrganisation.js';
import { useVersionedSettings } from './useVersionedSettings.js';
import { Weekdays } from './Weekdays.js';

const CURRENCIES = Intl.supportedValuesOf('currency');

interface Props {
  settings: Settings;
  /** From then on what others save is no longer shown until one saves oneself. */
  onTyping: () => void;
  onSaved: () => void;
}

/** The organisation itself: its name, letters, money, calendar and mails. */
export function OrganisationPanel({ settings, onTyping, onSaved }: Props) {
  const { t, i18n } = useTranslation();
  const [form] = Form.useForm<Values>();
  /** What the edit is made upon. */
  const [shown, setShown] = useState(settings);
  const [stale, setStale] = useState<Settings>();
  const showFaults = useFieldFaults(form);
  const fields = useVersionedSettings();
  const saving = useSaveOrganisation();
  const refused = (error: Error) => {
    showFaults(error);
    const { slug, problem } = error as ProblemError;
    if (slug === 'stale-version') setStale(problem['current'] as Settings);
  };
  const save = (values: Values, over = shown) => {
    const patch = patchOf(over, values);
    const faults = faultsOf(SettingsPatch, patch);
    if (faults.length > 0) return showFaults(faults);
    saving.mutate({ version: over.version, patch }, { onSuccess: onSaved, onError: refused });
  };
  const names = new Intl.DisplayNames(i18n.language, { type: 'currency' });
  const needed = [{ required: true, message: t('form.required') }];
  const submit = (
    <Button size="small" type="primary" loading={saving.isPending} onClick={() => form.submit()}>
      {t('form.save')}
    </Button>
  );
  return (
    <Panel title={t('settings.organisation')} extra={submit}>
      {stale && (
        <StaleEdit
          fields={fields}
          mine={form.getFieldsValue(true) as Values}
          theirs={stale}
          before={shown}
          onSettle={(values) => {
            setShown(stale);
            setStale(undefined);
            form.setFieldsValue(values);
            save(values, stale);
          }}
        />
      )}
      <Form
        form={form}
        layout="vertical"
        className="settings-form panel-padded"
        initialValues={valuesOf(settings)}
        onValuesChange={onTyping}
        onFinish={(values: Values) => save(values)}
      >
        <div className="two-columns">
          <Form.Item name="organisationName" label={t('settings.organisationName')} rules={needed}>
            <Input maxLength={100} />
          </Form.Item>
          <Form.Item label={t('settings.zone')} extra={t('settings.zoneHint')} htmlFor="zone">
            <Input id="zone" readOnly value={settings.zone} />
          </Form.Item>
          <Form.Item name="currency" label={t('settings.currency')} rules={needed}>
            <Select
              showSearch={{ optionFilterProp: 'label' }}
              options={CURRENCIES.map((value) => ({ value, label: `${value} ${names.of(value)}` }))}
            />
          </Form.Item>
          <Form.Item name="paymentTermDays" label={t('settings.paymentTermDays')} rules={needed}>
            <InputNumber min={0} max={3650} precision={0} style={{ width: '100%' }} suffix={t('unit.days')} />
          </Form.Item>
          <Form.Item name="serviceFeeLead" label={t('catalogue.serviceFeeLead')} rules={needed}>
            <SpanInput />
          </Form.Item>
        </div>
        <h2>{t('settings.letterhead')}</h2>
        <div className="two-columns">
          {LETTERHEAD.map((name) => (
            <Form.Item key={name} name={['letterhead', name]} label={t(`settings.letterheads.${name}`)}>
              <Input type={name === 'email' ? 'email' : undefined} maxLength={300} />
            </Form.Item>
          ))}
          <Form.Item name={['letterhead', 'note']} label={t('settings.letterheads.note')} className="wide">
            <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={1000} />
          </Form.Item>
        </div>
        <h2>{t('settings.mail')}</h2>
        <div className="two-columns">
          {MAIL.map((name) => (
            <Form.Item key={name} name={['mail', name]} label={t(`settings.mails.${name}`)}>
              <Input type="email" maxLength={254} />
            </Form.Item>
          ))}
        </div>
        <h2>{t('settings.calendar')}</h2>
        <Form.Item name={['calendar', 'workingDays']} label={t('settings.workingDays')} rules={needed}>
          <Weekdays />
        </Form.Item>
        {DAYS.map((name) => (
          <Form.Item
            key={name}
            name={['calendar', name]}
            label={t(`settings.${name}`)}
            getValueProps={(days: string[] = []) => ({ value: days.map((day) => dayjs(day)) })}
            getValueFromEvent={(_days, spelled: string[] | null) => [...(spelled ?? [])].sort()}
          >
            <DatePicker multiple format="YYYY-MM-DD" style={{ width: '100%' }} />
          </Form.Item>
        ))}
      </Form>
    </Panel>
  );
}
