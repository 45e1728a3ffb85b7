import { Tabs } from 'antd';
import { lazy, Suspense, type ComponentType, type LazyExoticComponent } from 'react';
import { useTranslation } from 'react-i18next';
import './DetailTabs.css';
import { useCustomersState } from './useCustomersState.js';

export interface DetailZone {
  /** Its number, which is its key too. */
  zone: number;
  name: 'contacts' | 'log' | 'quotes' | 'purchases' | 'delegation' | 'receivables';
  Content: LazyExoticComponent<ComponentType>;
}

/** Zones 4 to 9, each loaded when it is first looked at. */
export const DETAIL_ZONES: DetailZone[] = [
  { zone: 4, name: 'contacts', Content: lazy(() => import('../contact/ContactZone.js')) },
  { zone: 5, name: 'log', Content: lazy(() => import('../log/LogZone.js')) },
  { zone: 6, name: 'quotes', Content: lazy(() => import('../quote/QuoteZone.js')) },
  { zone: 7, name: 'purchases', Content: lazy(() => import('../purchase/PurchaseZone.js')) },
  { zone: 8, name: 'delegation', Content: lazy(() => import('../delegation/DelegationZone.js')) },
  { zone: 9, name: 'receivables', Content: lazy(() => import('../receivable/ReceivableZone.js')) },
];

export function DetailTabs() {
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
            <Suspense fallback={null}>
              <Content />
            </Suspense>
          </section>
        ),
      }))}
    />
  );
}
