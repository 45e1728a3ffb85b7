import { Form, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { ReasonItem } from '../../widgets/ReasonItem.js';
import { useFieldFaults } from '../../widgets/useFieldFaults.js';
import type { Purchase } from './purchase.queries.js';
import { usePurchaseOperations } from './usePurchaseOperations.js';

/** Deletes a purchase, with the reason; it stays in the books as voided. */
export default function VoidForm({ purchase, onClose }: { purchase: Purchase; onClose: () => void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<{ reason: string }>();
  const showFaults = useFieldFaults(form);
  const { cancel } = usePurchaseOperations();
  return (
    <Modal
      open
      title={t('purchase.voidTitle', { name: purchase.productName })}
      okText={t('purchase.menu.void')}
      okButtonProps={{ danger: true }}
      confirmLoading={cancel.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      width={400}
    >
      <Form
        form={form}
        layout="vertical"
        onFinish={({ reason }) => cancel.mutate({ purchase, reason }, { onSuccess: onClose, onError: showFaults })}
      >
        <ReasonItem label={t('purchase.voidReason')} autoFocus />
      </Form>
    </Modal>
  );
}
