import type { ReactNode } from 'react';
import './Panel.css';
import './Zone.css';

/** A titled region that fills its page or a part of it; its content scrolls by itself. */
export function Panel({ title, extra, children }: { title: string; extra?: ReactNode; children: ReactNode }) {
  return (
    <section className="zone" aria-label={title}>
      <header className="zone-head">
        <h1 className="zone-title">{title}</h1>
        <div className="zone-extra no-print">{extra}</div>
      </header>
      <div className="zone-body">{children}</div>
    </section>
  );
}
