import { Tabs } from 'antd';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { DETAIL_ZONES } from './detail-zones.js';
import './DetailTabs.css';
import { useCustomersState } from './useCustomersState.js';

export default function DetailTabs() {
  const { t } = useTranslation();
  const { state, set } = useCustomersState();
  return (
    <Tabs
      className="details"
      size="small"
      activeKey={state.tab ?? DETAIL_ZONES[0]?.name}
      onChange={(tab) => set({ tab })}
      items={DETAIL_ZONES.map(({ zone, name, Content }) => ({
        key: name,
        label: t(`zone.${name}`),
        children: (
          <section data-zone={zone} className="detail" aria-label={t(`zone.${name}`)}>
            <Suspense fallback={<div aria-busy />}>
              <Content />
            </Suspense>
          </section>
        ),
      }))}
    />
  );
}
