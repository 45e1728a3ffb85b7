import { MoreOutlined, CaretDownOutlined, CaretUpOutlined } from '@ant-design/icons';
import { Checkbox, Empty, Spin } from 'antd';
import {
  useEffect,
  useEffectEvent,
  useId,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from 'react';
import { useTranslation } from 'react-i18next';
import { placeOf, useContextMenu, type MenuCommand } from './ContextMenu.js';
import './DataGrid.css';
import { useSize } from './useSize.js';

export interface Column<R> {
  key: string;
  title: string;
  /** A CSS grid track: `minmax(8rem, 2fr)`. */
  width: string;
  render: (row: R) => ReactNode;
  align?: 'end';
  /** Shown from this width of the whole grid on, in px: a narrow one shows what matters. */
  from?: number;
  /** The list can be sorted by it, under this name. */
  sort?: string;
}

export interface DataGridProps<R extends { id: string }> {
  label: string;
  rows: R[];
  /** So many rows of the list come before them and aren't kept. */
  before?: number;
  columns: Column<R>[];
  loading?: boolean;
  empty?: ReactNode;
  /** The row that the other zones are about. */
  active?: string;
  onActivate?: (row: R) => void;
  /** Double click, or Enter. */
  onOpen?: (row: R) => void;
  menu?: (row: R) => MenuCommand[];
  onDelete?: (row: R) => void;
  selected?: ReadonlySet<string>;
  onSelect?: (ids: ReadonlySet<string>) => void;
  /** As the API writes it: `name`, or `-name` for the reverse. */
  sort?: string;
  onSort?: (sort: string) => void;
  /** The last rows come into sight, or the first ones that are kept. */
  onEnd?: () => void;
  onStart?: () => void;
  /** Nothing of the list is on its way, and nothing has failed. */
  settled?: boolean;
  rowClass?: (row: R) => string | undefined;
}

const ROW = 30;
const BEYOND = 8;

/** A list of rows that a hundred thousand don't slow down: only those in sight are in the document. */
export function DataGrid<R extends { id: string }>(props: DataGridProps<R>) {
  const { rows, before = 0, label, active, selected, onSelect, loading = false } = props;
  const { t } = useTranslation();
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(scroller);
  const [top, setTop] = useState(0);
  const [focused, setFocused] = useState(0);
  const anchor = useRef(0);
  const openMenu = useContextMenu();

  // In a place that isn't shown yet those that always fit: it is seen before it is measured anew.
  const columns = props.columns.filter(({ from = 0 }) => from <= width);
  const withMenu = props.menu !== undefined;
  const template = [onSelect && '34px', ...columns.map((column) => column.width), withMenu && '32px']
    .filter(Boolean)
    .join(' ');
  const count = before + rows.length;
  const at = (index: number) => rows[index - before];
  const first = Math.max(before, Math.floor(top / ROW) - BEYOND);
  const last = Math.max(first, Math.min(count, Math.ceil((top + (height || 600)) / ROW) + BEYOND));
  const current = Math.min(focused, count - 1);

  const scrolled = () => {
    const box = scroller.current;
    if (!box) return;
    setTop(box.scrollTop);
    if (box.scrollTop + box.clientHeight > box.scrollHeight - 20 * ROW) props.onEnd?.();
    if (box.scrollTop < (before + 20) * ROW) props.onStart?.();
  };
  const goOn = useEffectEvent(scrolled);
  // Somebody who has jumped back is further up than one page, and a refresh takes the place of the page he waits for.
  useEffect(() => {
    if (props.settled) goOn();
  }, [before, props.settled]);
  const move = (to: number, choose = true) => {
    const index = Math.max(0, Math.min(count - 1, to));
    const row = at(index);
    const box = scroller.current;
    if (count === 0 || !box) return;
    setFocused(index);
    if (index * ROW < box.scrollTop) box.scrollTop = index * ROW;
    const below = (index + 1) * ROW - (box.clientHeight - ROW);
    if (below > box.scrollTop) box.scrollTop = below;
    if (choose && row) props.onActivate?.(row);
    if (index > count - 20) props.onEnd?.();
  };
  const toggle = (index: number) => {
    const row = at(index);
    if (!row || !onSelect) return;
    const next = new Set(selected);
    if (!next.delete(row.id)) next.add(row.id);
    anchor.current = index;
    onSelect(next);
  };
  const allChosen = rows.length > 0 && rows.every((row) => selected?.has(row.id));
  /** Of the rows these alone; those that aren't kept stay as they are. */
  const take = (some: R[]) => {
    const here = new Set(rows.map((row) => row.id));
    const elsewhere = [...(selected ?? [])].filter((id) => !here.has(id));
    onSelect?.(new Set([...elsewhere, ...some.map((row) => row.id)]));
  };
  const reach = (index: number) => {
    const [from, to] = [Math.min(anchor.current, index), Math.max(anchor.current, index)];
    take(rows.slice(Math.max(0, from - before), Math.max(0, to + 1 - before)));
  };
  const clicked = (index: number, event: MouseEvent) => {
    const row = at(index);
    if (!row) return;
    setFocused(index);
    if (onSelect && (event.ctrlKey || event.metaKey)) return toggle(index);
    if (onSelect && event.shiftKey) return reach(index);
    anchor.current = index;
    props.onActivate?.(row);
  };
  const menuAt = (index: number, event: MouseEvent | undefined, element: Element) => {
    const row = at(index);
    if (!row || !props.menu) return;
    event?.preventDefault();
    setFocused(index);
    openMenu(placeOf(event, element), props.menu(row));
  };
  const elementOf = (index: number) => document.getElementById(`${id}-${index}`);
  const keyed = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor(height / ROW) - 2);
    const row = at(current);
    const steps: Record<string, number> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + page,
      PageUp: current - page,
      Home: 0,
      End: count - 1,
    };
    const step = steps[event.key];
    const element = elementOf(current);
    if (step !== undefined) {
      move(step, !event.shiftKey);
      if (event.shiftKey) reach(Math.max(0, Math.min(count - 1, step)));
    } else if (event.key === 'Enter' && row) (props.onOpen ?? props.onActivate)?.(row);
    else if (event.key === ' ') toggle(current);
    else if (event.key === 'Delete' && row && props.onDelete) props.onDelete(row);
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) take(rows);
    else if ((event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) && element) {
      menuAt(current, undefined, element);
    } else return;
    event.preventDefault();
  };

  return (
    <div
      ref={scroller}
      className="grid"
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={count + 1}
      aria-multiselectable={onSelect ? true : undefined}
      aria-activedescendant={at(current) ? `${id}-${current}` : undefined}
      aria-busy={loading}
      onScroll={scrolled}
      onKeyDown={keyed}
    >
      <div className="grid-head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
        {onSelect && (
          <div role="columnheader" className="grid-check">
            <Checkbox
              aria-label={t('grid.selectAll')}
              tabIndex={-1}
              checked={allChosen}
              indeterminate={!!selected?.size && !allChosen}
              onChange={({ target }) => take(target.checked ? rows : [])}
            />
          </div>
        )}
        {columns.map((column) => (
          <Heading key={column.key} column={column} sort={props.sort} onSort={props.onSort} />
        ))}
        {withMenu && (
          <div role="columnheader">
            <span className="visually-hidden">{t('grid.more')}</span>
          </div>
        )}
      </div>
      <div className="grid-rows" role="rowgroup" style={{ height: count * ROW }}>
        {rows.slice(first - before, last - before).map((row, offset) => {
          const index = first + offset;
          const chosen = selected?.has(row.id) ?? false;
          return (
            <div
              key={row.id}
              id={`${id}-${index}`}
              role="row"
              data-id={row.id}
              aria-rowindex={index + 2}
              aria-selected={chosen || row.id === active}
              className={[
                'grid-row',
                row.id === active && 'is-active',
                chosen && 'is-chosen',
                index === current && 'is-focused',
                props.rowClass?.(row),
              ]
                .filter(Boolean)
                .join(' ')}
              style={{ gridTemplateColumns: template, transform: `translateY(${index * ROW}px)` }}
              onClick={(event) => clicked(index, event)}
              onDoubleClick={() => props.onOpen?.(row)}
              onContextMenu={(event) => menuAt(index, event, event.currentTarget)}
            >
              {onSelect && (
                <div role="gridcell" className="grid-check" onDoubleClick={(event) => event.stopPropagation()}>
                  <Checkbox
                    aria-label={t('grid.select')}
                    tabIndex={-1}
                    checked={chosen}
                    onClick={(event) => {
                      event.stopPropagation();
                      if (event.shiftKey) reach(index);
                      else toggle(index);
                    }}
                  />
                </div>
              )}
              {columns.map((column) => (
                <div
                  key={column.key}
                  role="gridcell"
                  className={column.align === 'end' ? 'grid-cell number' : 'grid-cell'}
                >
                  {column.render(row)}
                </div>
              ))}
              {withMenu && (
                <div role="gridcell">
                  <button
                    type="button"
                    className="grid-more"
                    tabIndex={-1}
                    aria-label={t('grid.more')}
                    onClick={(event) => {
                      event.stopPropagation();
                      menuAt(index, undefined, event.currentTarget);
                    }}
                  >
                    <MoreOutlined />
                  </button>
                </div>
              )}
            </div>
          );
        })}
      </div>
      {rows.length === 0 && (
        <div role="row" className="grid-empty">
          <div role="gridcell">
            {loading ? (
              <Spin />
            ) : (
              <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={props.empty ?? t('grid.empty')} />
            )}
          </div>
        </div>
      )}
    </div>
  );
}

function Heading<R>({ column, sort, onSort }: { column: Column<R>; sort?: string; onSort?: (sort: string) => void }) {
  const { sort: by } = column;
  const className = column.align === 'end' ? 'grid-cell number' : 'grid-cell';
  if (!by || !onSort) {
    return (
      <div role="columnheader" className={className}>
        {column.title}
      </div>
    );
  }
  const direction = sort === by ? 'ascending' : sort === `-${by}` ? 'descending' : 'none';
  return (
    <div role="columnheader" className={className} aria-sort={direction}>
      <button type="button" className="grid-sort" onClick={() => onSort(direction === 'ascending' ? `-${by}` : by)}>
        {column.title}
        {direction === 'ascending' && <CaretUpOutlined />}
        {direction === 'descending' && <CaretDownOutlined />}
      </button>
    </div>
  );
}
