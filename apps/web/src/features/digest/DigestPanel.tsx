import { useQuery } from '@tanstack/react-query';
import { Alert, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../widgets/Panel.js';
import { useExplanation } from '../message/useOperation.js';
import { Content } from './Content.js';
import { digestQuery, previewQuery, type DigestKind } from './digest.queries.js';

/** One digest, with what the reader sees of it now. */
export function DigestPanel({ digestId }: { digestId: string }) {
  const { t } = useTranslation();
  const explain = useExplanation();
  const { data, error } = useQuery(digestQuery(digestId));
  const title = data
    ? t('digest.of', { kind: t(`digest.kinds.${data.kind}`), from: data.periodStart, to: data.periodEnd })
    : t('digest.one');
  return (
    <Panel title={title}>
      {error && <Alert type="warning" title={explain(error)} />}
      {data ? <Content content={data} /> : !error && <Skeleton active className="panel-padded" />}
    </Panel>
  );
}

/** What the next one would say, were it made now. */
export function PreviewPanel({ kind }: { kind: DigestKind }) {
  const { t } = useTranslation();
  const explain = useExplanation();
  const { data, error } = useQuery(previewQuery(kind));
  return (
    <Panel title={t('digest.preview', { kind: t(`digest.kinds.${kind}`) })}>
      {error && <Alert type="warning" title={explain(error)} />}
      {data ? <Content content={data} /> : !error && <Skeleton active className="panel-padded" />}
    </Panel>
  );
}
