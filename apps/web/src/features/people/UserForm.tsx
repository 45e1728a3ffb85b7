import { Form, Input, Modal, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { NewUser, UserPatch } from '#contracts/auth';
import { changesTo, filledIn } from '../../widgets/changes.rules.js';
import { faultsOf } from '../../widgets/faultsOf.js';
import { useFieldFaults } from '../../widgets/useFieldFaults.js';
import { ROLES, type User } from './people.queries.js';
import { TeamChoice } from './TeamChoice.js';
import { useUserOperations } from './useUserOperations.js';

/** A new user, whose first password is told to `onPassword`; or the one that is edited. A user name never changes. */
export default function UserForm({
  user,
  teamId,
  onPassword,
  onClose,
}: {
  user?: User;
  /** Of a new one, to begin with. */
  teamId?: string;
  onPassword: (name: string, password: string) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Partial<User>>();
  const showFaults = useFieldFaults(form);
  const { create, update } = useUserOperations();
  const save = (values: Partial<User>) => {
    const body = user ? changesTo(user, values) : filledIn(values);
    const faults = faultsOf(user ? UserPatch : NewUser, body);
    if (faults.length > 0) return showFaults(faults);
    if (user) return update.mutate({ user, patch: body }, { onSuccess: onClose, onError: showFaults });
    create.mutate(body as Parameters<typeof create.mutate>[0], {
      onError: showFaults,
      onSuccess: ({ displayName, initialPassword }) => {
        onClose();
        if (initialPassword) onPassword(displayName, initialPassword);
      },
    });
  };
  const needed = [{ required: true, message: t('form.required') }];
  return (
    <Modal
      open
      title={t(user ? 'people.edit' : 'people.add')}
      okText={t('form.save')}
      confirmLoading={create.isPending || update.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      width={400}
    >
      <Form form={form} layout="vertical" initialValues={user ?? { role: 'salesperson', teamId }} onFinish={save}>
        {!user && (
          <Form.Item name="username" label={t('session.username')} rules={needed}>
            <Input autoFocus autoComplete="off" maxLength={64} />
          </Form.Item>
        )}
        <Form.Item name="displayName" label={t('people.name')} rules={needed}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="role" label={t('people.role')} rules={needed}>
          <Select options={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))} />
        </Form.Item>
        <Form.Item name="teamId" label={t('team.one')}>
          <TeamChoice />
        </Form.Item>
        <Form.Item name="email" label={t('people.email')}>
          <Input type="email" autoComplete="off" maxLength={254} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
