import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { ArrearsPanels } from './ArrearsPanels.js';
import { FeesPanel } from './FeesPanel.js';
import './ReceivablesPage.css';
import { useChosen } from './useChosen.js';

const SOON = 'P1M';

/** What is owed, or what will be asked for soon. */
export function Component() {
  const { t } = useTranslation();
  const { within, choose } = useChosen();
  const views = (
    <Segmented
      size="small"
      value={within === undefined ? 'arrears' : 'fees'}
      onChange={(view) => choose({ within: view === 'fees' ? SOON : undefined })}
      options={(['arrears', 'fees'] as const).map((value) => ({ value, label: t(`receivable.views.${value}`) }))}
    />
  );
  if (within === undefined) {
    return (
      <div className="panels panels-receivables">
        <ArrearsPanels choose={views} />
      </div>
    );
  }
  return (
    <div className="panels">
      <FeesPanel within={within} onWithin={(span) => choose({ within: span })} choose={views} />
    </div>
  );
}
