import { Button, DatePicker, Form, Input, InputNumber, Select } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import { SettingsPatch, type Settings } from '#contracts/settings';
import { changesTo, filledIn } from '../../widgets/changes.rules.js';
import { faultsOf } from '../../widgets/faultsOf.js';
import { Panel } from '../../widgets/Panel.js';
import { SpanInput } from '../../widgets/SpanInput.js';
import { useFieldFaults } from '../../widgets/useFieldFaults.js';
import { useSaveOrganisation } from './useOrganisation.js';
import { Weekdays } from './Weekdays.js';

type Values = Omit<Settings, 'zone' | 'version'>;
const LETTERHEAD = ['address', 'phone', 'email', 'taxId', 'bank', 'account'] as const;
const MAIL = ['from', 'replyTo'] as const;
const DAYS = ['holidays', 'extraWorkingDays'] as const;
const CURRENCIES = Intl.supportedValuesOf('currency');

/** The organisation itself: its name, letters, money, calendar and mails. */
export function OrganisationPanel({ settings }: { settings: Settings }) {
  const { t, i18n } = useTranslation();
  const [form] = Form.useForm<Values>();
  const showFaults = useFieldFaults(form);
  const saving = useSaveOrganisation();
  const save = (values: Values) => {
    // Of what consists of several fields all are sent together; those that are empty aren't there.
    const whole = { ...values, letterhead: filledIn(values.letterhead), mail: filledIn(values.mail) };
    const patch = changesTo(settings, whole);
    const faults = faultsOf(SettingsPatch, patch);
    if (faults.length > 0) return showFaults(faults);
    saving.mutate({ version: settings.version, patch }, { onError: showFaults });
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
      <Form
        form={form}
        layout="vertical"
        className="settings-form panel-padded"
        initialValues={settings}
        onFinish={save}
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
