import { Form, Input, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { NewTeam, TeamPatch } from '#contracts/teams';
import { changesTo, filledIn } from '../../widgets/changes.rules.js';
import { faultsOf } from '../../widgets/faultsOf.js';
import { useFieldFaults } from '../../widgets/useFieldFaults.js';
import type { Team } from './team.queries.js';
import { TeamChoice } from './TeamChoice.js';
import { useTeamOperations } from './useTeamOperations.js';

interface Values {
  name: string;
  parentId?: string;
}

/** A new team below `parentId`, or with `team` its name and its place in the tree. */
export default function TeamForm({ team, parentId, onClose }: { team?: Team; parentId?: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Values>();
  const showFaults = useFieldFaults(form);
  const { create, update } = useTeamOperations();
  const save = (values: Values) => {
    const body = team ? changesTo(team, values) : filledIn(values);
    const faults = faultsOf(team ? TeamPatch : NewTeam, body);
    if (faults.length > 0) return showFaults(faults);
    const options = { onSuccess: onClose, onError: showFaults };
    if (team) update.mutate({ team, patch: body }, options);
    else create.mutate(body as unknown as Values, options);
  };
  return (
    <Modal
      open
      title={t(team ? 'team.edit' : 'team.add')}
      okText={t('form.save')}
      confirmLoading={create.isPending || update.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      width={380}
    >
      <Form form={form} layout="vertical" initialValues={team ?? { parentId }} onFinish={save}>
        <Form.Item
          name="name"
          label={t('team.one')}
          rules={[{ required: true, whitespace: true, message: t('form.required') }]}
        >
          <Input autoFocus maxLength={60} />
        </Form.Item>
        <Form.Item name="parentId" label={t('team.parent')}>
          <TeamChoice except={team?.id} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
