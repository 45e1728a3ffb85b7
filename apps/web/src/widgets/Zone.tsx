import type { ReactNode } from 'react';
import './Zone.css';

/** One of the nine zones: a titled region whose content scrolls by itself. `number` is also the key that leads there. */
export function Zone({
  number,
  title,
  extra,
  children,
}: {
  number: number;
  title: string;
  extra?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="zone" aria-label={title} data-zone={number}>
      <header className="zone-head">
        <h2 className="zone-title">{title}</h2>
        <div className="zone-extra">{extra}</div>
      </header>
      <div className="zone-body">{children}</div>
    </section>
  );
}
