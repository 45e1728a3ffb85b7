import { Dropdown, type MenuProps } from 'antd';
import { createContext, useCallback, useContext, useState, type MouseEvent, type ReactNode } from 'react';

export interface MenuCommand {
  key: string;
  label: string;
  icon?: ReactNode;
  danger?: boolean;
  disabled?: boolean;
  /** A line above it. */
  apart?: boolean;
  run: () => void;
}

interface Place {
  x: number;
  y: number;
}
type Open = (place: Place, commands: MenuCommand[]) => void;
const Context = createContext<Open>(() => {});

/** Opens the one context menu of the app: at the pointer, at a row for the keyboard, at a ⋯ button for a finger. */
export const useContextMenu = (): Open => useContext(Context);

export function ContextMenuProvider({ children }: { children: ReactNode }) {
  const [menu, setMenu] = useState<{ place: Place; commands: MenuCommand[]; before: Element | null }>();
  const open = useCallback<Open>((place, commands) => {
    setMenu({ place, commands, before: document.activeElement });
  }, []);
  const close = () => {
    setMenu(undefined);
    if (menu?.before instanceof HTMLElement) menu.before.focus();
  };
  return (
    <Context value={open}>
      {children}
      {menu && (
        <Dropdown
          key={`${menu.place.x},${menu.place.y}`}
          open
          autoFocus
          trigger={['click']}
          destroyOnHidden
          onOpenChange={(next) => !next && close()}
          menu={{ items: itemsOf(menu.commands, close), onKeyDown: (event) => event.key === 'Escape' && close() }}
        >
          <span style={{ position: 'fixed', left: menu.place.x, top: menu.place.y, width: 1, height: 1 }} />
        </Dropdown>
      )}
    </Context>
  );
}

/** Commands as items of the component library's menus. */
export function itemsOf(commands: MenuCommand[], before: () => void = () => {}): MenuProps['items'] {
  return commands.flatMap(({ apart, run, ...item }) => {
    const entry = {
      ...item,
      onClick: () => {
        before();
        run();
      },
    };
    return apart ? [{ type: 'divider' as const, key: `before-${item.key}` }, entry] : [entry];
  });
}

/** Where a menu goes that was asked for by right click, by the menu key, or by a button. */
export function placeOf(event: MouseEvent | undefined, element: Element): Place {
  if (event && (event.clientX !== 0 || event.clientY !== 0)) return { x: event.clientX, y: event.clientY };
  const { left, bottom } = element.getBoundingClientRect();
  return { x: left + 16, y: bottom };
}
