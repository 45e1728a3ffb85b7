import { Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ArrearsView } from './ArrearsView.js';
import { RemindersView } from './RemindersView.js';
import { ServiceFeesView } from './ServiceFeesView.js';

const VIEWS = { arrears: ArrearsView, fees: ServiceFeesView, reminders: RemindersView };
type View = keyof typeof VIEWS;

/** Zone 9: what is to be chased, of all customers that the user sees. */
export default function ReceivableZone() {
  const { t } = useTranslation();
  const [view, setView] = useState<View>('arrears');
  const Shown = VIEWS[view];
  const choose = (
    <Segmented<View>
      size="small"
      value={view}
      onChange={setView}
      options={(Object.keys(VIEWS) as View[]).map((value) => ({ value, label: t(`receivable.views.${value}`) }))}
    />
  );
  return <Shown choose={choose} />;
}
