import { lazy, type ComponentType, type LazyExoticComponent } from 'react';

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
