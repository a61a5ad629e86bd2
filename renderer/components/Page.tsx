import { ChevronRight } from 'lucide-react';
import { useEffect } from 'react';

export interface Crumb {
  readonly title: string;
  /** null = where we are. */
  readonly href: string | null;
}

function Breadcrumbs({ crumbs }: { readonly crumbs: readonly Crumb[] }) {
  return (
    <nav aria-label="Breadcrumbs" className="crumbs">
      <ol>
        {crumbs.map((crumb, index) => (
          <li key={`${crumb.title}${crumb.href}`}>
            {index > 0 && <ChevronRight size={12} aria-hidden="true" />}
            {crumb.href === null ? (
              <span aria-current="page">{crumb.title}</span>
            ) : (
              <a href={crumb.href}>{crumb.title}</a>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** A page: its question as the title, where it stands, what can be done, then the answer. Names the window after itself. */
export function Page({
  title,
  crumbs,
  lead,
  actions,
  children,
}: {
  readonly title: string;
  readonly crumbs?: readonly Crumb[];
  /** One line under the title. */
  readonly lead?: React.ReactNode;
  readonly actions?: React.ReactNode;
  readonly children: React.ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} - Lockstep`;
  }, [title]);
  return (
    <div className="page">
      <header className="page-header">
        <div>
          {crumbs && <Breadcrumbs crumbs={crumbs} />}
          <h1 tabIndex={-1}>{title}</h1>
          {lead !== undefined && <p className="muted">{lead}</p>}
        </div>
        {actions !== undefined && <div className="page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

export interface SectionLink {
  /** The `id` of the part on this page. */
  readonly id: string;
  readonly title: string;
}

/** The parts of a long page, one press away each. Buttons, because an address of the console names a page and not a place on it. */
export function SectionLinks({ sections }: { readonly sections: readonly SectionLink[] }) {
  return (
    <nav aria-label="On this page" className="section-links">
      <ul>
        {sections.map(({ id, title }) => (
          <li key={id}>
            <button
              type="button"
              onClick={() => {
                const part = document.getElementById(id);
                part?.scrollIntoView({ block: 'start' });
                part?.focus({ preventScroll: true });
              }}
            >
              {title}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** A part of a page that section links lead to. */
export function Section(props: { readonly id: string; readonly title: string; readonly children: React.ReactNode }) {
  return (
    <section id={props.id} className="section" tabIndex={-1} aria-label={props.title}>
      {props.children}
    </section>
  );
}

/** A framed part of a page with its own title. `flush` lets a table or a chart reach the frame. */
export function Panel({
  title,
  aside,
  flush = false,
  children,
}: {
  readonly title: React.ReactNode;
  readonly aside?: React.ReactNode;
  readonly flush?: boolean;
  readonly children: React.ReactNode;
}) {
  return (
    <section className="panel">
      <header className="panel-header">
        <h2>{title}</h2>
        {aside !== undefined && <div className="panel-aside">{aside}</div>}
      </header>
      <div className={flush ? 'panel-flush' : 'panel-body'}>{children}</div>
    </section>
  );
}
