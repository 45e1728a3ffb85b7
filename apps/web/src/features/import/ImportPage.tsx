import { InboxOutlined } from '@ant-design/icons';
import { Button, Form, Select, Upload } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { can } from '#access/permissions';
import { useUser } from '../../api/session.js';
import { Panel } from '../../widgets/Panel.js';
import { ColumnsPanel } from './ColumnsPanel.js';
import { KINDS, type ImportKind } from './import.queries.js';
import { Progress } from './Progress.js';
import { useImportOperations } from './useImportOperations.js';

/** A file is tried first, without saving anything, and then imported; importing it twice changes nothing. */
export function Component() {
  const { t } = useTranslation();
  const user = useUser();
  const navigate = useNavigate();
  const { importId } = useParams();
  const kinds = (Object.keys(KINDS) as ImportKind[]).filter((one) => can(user, KINDS[one]));
  const [kind, setKind] = useState<ImportKind | undefined>(kinds[0]);
  const [file, setFile] = useState<File>();
  const { upload } = useImportOperations();
  const send = (dryRun: boolean) => {
    if (!file || !kind) return;
    upload.mutate({ kind, file, dryRun }, { onSuccess: ({ id }) => void navigate(`/imports/${id}`) });
  };
  return (
    <div className="panels panels-beside panels-import">
      <Panel title={t('page.imports')}>
        <Form layout="vertical" className="panel-padded">
          <Form.Item label={t('imports.kind')}>
            <Select
              aria-label={t('imports.kind')}
              value={kind}
              onChange={setKind}
              options={kinds.map((value) => ({ value, label: t(`imports.kinds.${value}`) }))}
            />
          </Form.Item>
          <Form.Item>
            <Upload.Dragger
              accept=".csv,.xlsx"
              maxCount={1}
              fileList={file ? [{ uid: file.name, name: file.name }] : []}
              beforeUpload={(chosen) => {
                setFile(chosen);
                return false;
              }}
              onRemove={() => setFile(undefined)}
            >
              <InboxOutlined /> {t('imports.choose')}
            </Upload.Dragger>
          </Form.Item>
          <Button block disabled={!file} loading={upload.isPending} onClick={() => send(true)}>
            {t('imports.try')}
          </Button>
          <Button
            block
            type="primary"
            style={{ marginTop: 8 }}
            disabled={!file}
            loading={upload.isPending}
            onClick={() => send(false)}
          >
            {t('imports.import')}
          </Button>
        </Form>
      </Panel>
      {importId ? <Progress key={importId} importId={importId} /> : kind && <ColumnsPanel kind={kind} />}
    </div>
  );
}
