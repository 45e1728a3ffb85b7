import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { can } from '#access/permissions';
import { useUser } from '../../api/session.js';
import { useMoney } from '../../app/useMoney.js';
import { useToday } from '../../app/useToday.js';
import { useEndless } from '../../app/useEndless.js';
import { DataGrid } from '../../widgets/DataGrid.js';
import { Panel } from '../../widgets/Panel.js';
import { useDebounced } from '../../widgets/useDebounced.js';
import { Ageing } from './Ageing.js';
import { arrearsColumns } from './arrears.columns.js';
import { arrearsByOwnerQuery, arrearsQuery } from './receivable.queries.js';
import { useNames } from '../user/user.queries.js';
import { ExportButton } from '../export/ExportButton.js';
import { OwnersPanel } from './OwnersPanel.js';
import { useChosen } from './useChosen.js';

/** All arrears as of a day: by salesperson and age above, each purchase below. */
export function ArrearsPanels({ choose: view }: { choose: ReactNode }) {
  const { t } = useTranslation();
  const user = useUser();
  const money = useMoney();
  const today = useToday();
  const nameOf = useNames();
  const navigate = useNavigate();
  const { asOf, ownerId, bucket, choose } = useChosen();
  const [sought, setSought] = useState('');
  const q = useDebounced(sought.trim(), 300) || undefined;
  const filter = { asOf, ownerId, bucket, q };
  const summary = useQuery(arrearsByOwnerQuery(asOf)).data;
  const list = useEndless(useInfiniteQuery(arrearsQuery(filter)));
  const tools = (
    <>
      {view}
      <label>
        {t('receivables.asOf')}{' '}
        <Input
          type="date"
          size="small"
          style={{ width: 140 }}
          max={today}
          value={asOf ?? today}
          onChange={({ target }) => choose({ asOf: target.value || undefined })}
        />
      </label>
      <Input
        size="small"
        allowClear
        style={{ width: 180 }}
        value={sought}
        placeholder={t('receivable.search')}
        aria-label={t('receivable.search')}
        onChange={({ target }) => setSought(target.value)}
      />
      {can(user, 'money.export') && <ExportButton list="arrears" filter={filter} />}
    </>
  );
  return (
    <>
      <OwnersPanel owners={summary?.owners ?? []} chosen={ownerId} onChoose={(id) => choose({ ownerId: id })} />
      <Panel title={t('page.receivables')} extra={tools}>
        <div className="zone-content">
          {summary && <Ageing summary={summary} chosen={bucket} onChoose={(age) => choose({ bucket: age })} />}
          <DataGrid
            label={t('page.receivables')}
            {...list}
            columns={arrearsColumns(t, money, nameOf)}
            empty={t('receivable.nobodyOwes')}
            onOpen={({ customerId }) => void navigate(`/customers?customer=${customerId}&tab=purchases`)}
            menu={({ customerId }) => [
              {
                key: 'show',
                label: t('receivable.showPurchases'),
                run: () => void navigate(`/customers?customer=${customerId}&tab=purchases`),
              },
            ]}
          />
        </div>
      </Panel>
    </>
  );
}
