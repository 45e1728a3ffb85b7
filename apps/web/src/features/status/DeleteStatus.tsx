import { Form, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStatuses, type CustomerStatus } from './status.queries.js';
import { useStatusOperations } from './useStatusOperations.js';

/** Deletes a status; its customers, of whomever, move to another one. */
export default function DeleteStatus({ status, onClose }: { status: CustomerStatus; onClose: () => void }) {
  const { t } = useTranslation();
  const { remove } = useStatusOperations();
  const others = useStatuses().filter(({ id }) => id !== status.id);
  const [moveTo, setMoveTo] = useState(others[0]?.id);
  return (
    <Modal
      open
      title={t('status.delete')}
      okText={t('form.delete')}
      okButtonProps={{ danger: true }}
      confirmLoading={remove.isPending}
      onOk={() => remove.mutate({ status, moveTo }, { onSuccess: onClose })}
      onCancel={onClose}
      width={400}
    >
      <p>{t('status.moves', { name: status.name, count: status.count })}</p>
      <Form layout="vertical">
        <Form.Item label={t('status.moveTo')}>
          <Select
            aria-label={t('status.moveTo')}
            value={moveTo}
            onChange={setMoveTo}
            options={others.map(({ id, name }) => ({ value: id, label: name }))}
          />
        </Form.Item>
      </Form>
    </Modal>
  );
}
