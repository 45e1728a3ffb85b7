import { lazy, Suspense, useCallback, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels';
import { NARROW, useMedia } from '../../widgets/useMedia.js';
import { useCommands } from '../command/commands.js';
import { StatusZone } from '../status/StatusZone.js';
import { CustomerActs } from './CustomerActs.js';
import './CustomersPage.css';
import { CustomerZone } from './CustomerZone.js';
import { DETAIL_ZONES } from './detail-zones.js';
import { useCustomersState } from './useCustomersState.js';

const MessageZone = lazy(() => import('../message/MessageZone.js'));
const DetailTabs = lazy(() => import('./DetailTabs.js'));

/** A pane keeps its place while what is in it is being loaded. */
const BLANK = <div className="zone" aria-busy />;

const UPPER_ZONES = ['statuses', 'customers', 'messages'] as const;

/** The one screen of nine zones. */
export function Component() {
  const { t } = useTranslation();
  const narrow = useMedia(NARROW);
  const { set } = useCustomersState();
  const focusZone = useCallback((zone: number) => {
    const inside = document.querySelector<HTMLElement>(
      `[data-zone="${zone}"] [tabindex="0"], [data-zone="${zone}"] input`,
    );
    inside?.focus();
  }, []);
  useCommands(
    useMemo(
      () => [
        ...UPPER_ZONES.map((name, index) => ({
          id: `zone.${name}`,
          label: t(`zone.${name}`),
          keys: String(index + 1),
          run: () => focusZone(index + 1),
        })),
        ...DETAIL_ZONES.map(({ zone, name }) => ({
          id: `zone.${name}`,
          label: t(`zone.${name}`),
          keys: String(zone),
          run: () => {
            set({ tab: name });
            requestAnimationFrame(() => focusZone(zone));
          },
        })),
      ],
      [t, set, focusZone],
    ),
  );
  return <CustomerActs>{narrow ? <OneColumn /> : <Panes />}</CustomerActs>;
}

function Panes() {
  const { t } = useTranslation();
  const whole = useDefaultLayout({ id: 'hfx.whole', storage: localStorage });
  const left = useDefaultLayout({ id: 'hfx.left', storage: localStorage });
  const right = useDefaultLayout({ id: 'hfx.right', storage: localStorage });
  return (
    <Group className="panes" orientation="horizontal" {...whole}>
      <Panel id="left" defaultSize="19" minSize={170}>
        <Group orientation="vertical" {...left}>
          <Panel id="statuses" defaultSize="52" minSize={110}>
            <StatusZone />
          </Panel>
          <Separator className="separator" aria-label={t('zone.resize')} />
          <Panel id="messages" minSize={90}>
            <Suspense fallback={BLANK}>
              <MessageZone />
            </Suspense>
          </Panel>
        </Group>
      </Panel>
      <Separator className="separator" aria-label={t('zone.resize')} />
      <Panel id="right" minSize={420}>
        <Group orientation="vertical" {...right}>
          <Panel id="customers" defaultSize="54" minSize={140}>
            <CustomerZone />
          </Panel>
          <Separator className="separator" aria-label={t('zone.resize')} />
          <Panel id="details" minSize={150}>
            <Suspense fallback={BLANK}>
              <DetailTabs />
            </Suspense>
          </Panel>
        </Group>
      </Panel>
    </Group>
  );
}

function OneColumn() {
  const { customer } = useCustomersState().state;
  const details = useRef<HTMLDivElement>(null);
  // What the choice has filled lies below the screen's edge.
  useEffect(() => {
    if (customer !== undefined) details.current?.scrollIntoView();
  }, [customer]);
  return (
    <div className="column">
      <div className="column-statuses">
        <StatusZone />
      </div>
      <div className="column-customers">
        <CustomerZone />
      </div>
      <div ref={details} className="column-details">
        <Suspense fallback={BLANK}>
          <DetailTabs />
        </Suspense>
      </div>
      <div className="column-messages">
        <Suspense fallback={BLANK}>
          <MessageZone />
        </Suspense>
      </div>
    </div>
  );
}
