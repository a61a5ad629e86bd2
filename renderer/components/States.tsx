import { CircleX, History, type LucideIcon, RotateCw } from 'lucide-react';
import type { Failure } from '../../shared/base/errors';
import type { Query } from '../api/use-query';
import { Button } from './Button';
import { Age } from './Time';

/** Nothing here yet: what would be, and how to get it. */
export function EmptyState({
  icon: Icon,
  title,
  children,
  actions,
}: {
  readonly icon?: LucideIcon;
  readonly title: string;
  readonly children?: React.ReactNode;
  readonly actions?: React.ReactNode;
}) {
  return (
    <div className="state">
      {Icon && <Icon className="state-icon" size={28} strokeWidth={1.5} aria-hidden="true" />}
      <h2>{title}</h2>
      {children !== undefined && <div className="state-text">{children}</div>}
      {actions !== undefined && <div className="state-actions">{actions}</div>}
    </div>
  );
}

/** What went wrong, what to do next, and the way to try again. */
export function ErrorState({
  error,
  onRetry,
}: {
  readonly error: Failure;
  readonly onRetry?: (() => void) | undefined;
}) {
  return (
    <div className="state state-error" role="alert">
      <CircleX className="state-icon" size={28} strokeWidth={1.5} aria-hidden="true" />
      <h2>{error.message}</h2>
      <div className="state-text">{error.hint}</div>
      <div className="state-actions">
        {onRetry && (
          <Button icon={RotateCw} onClick={onRetry}>
            Try again
          </Button>
        )}
        <code className="muted">{error.code}</code>
      </div>
    </div>
  );
}

/** A failure inside a form, a card or a row: the same words, less room. */
export function InlineError({ error }: { readonly error: Failure }) {
  return (
    <div className="inline-error" role="alert">
      <CircleX className="mark mark-fail" size={15} aria-hidden="true" />
      <p>
        <strong>{error.message}</strong> {error.hint}
      </p>
    </div>
  );
}

/** Bars where lines of text or rows will be; drawn only after a moment, so that a fast answer does not flash. */
export function Skeleton({ lines = 6, label = 'Loading' }: { readonly lines?: number; readonly label?: string }) {
  return (
    <div className="skeleton" role="status">
      <span className="visually-hidden">{label}</span>
      {[...Array(lines).keys()].map((line) => (
        <span key={line} className={`skeleton-bar skeleton-${line % 4}`} aria-hidden="true" />
      ))}
    </div>
  );
}

/** What is shown may be out of date, and why. */
export function StaleBanner({
  asOfUs,
  error,
  onRetry,
}: {
  readonly asOfUs: number | null;
  readonly error: Failure | null;
  readonly onRetry: () => void;
}) {
  return (
    <div className="stale" role="status">
      <History size={15} aria-hidden="true" />
      <p>
        <strong>
          Out of date
          {asOfUs !== null && (
            <>
              : true <Age atUs={asOfUs} />
            </>
          )}
          .
        </strong>{' '}
        {error === null ? 'Newer data is being fetched.' : `${error.message} ${error.hint}`}
      </p>
      <Button look="quiet" icon={RotateCw} onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}

/**
 * Draws a query in whichever state it is: waiting, failed, or there (with a banner when it could not be refreshed). A refresh that is
 * merely under way shows nothing, so that live data does not flicker.
 */
export function Answer<Value extends object>({
  query,
  skeletonLines,
  children,
}: {
  readonly query: Query<Value>;
  readonly skeletonLines?: number;
  readonly children: (value: Value) => React.ReactNode;
}) {
  if (query.value === null) {
    if (query.error !== null) return <ErrorState error={query.error} onRetry={query.refresh} />;
    return <Skeleton {...(skeletonLines !== undefined && { lines: skeletonLines })} />;
  }
  const asOfUs = 'asOfUs' in query.value && typeof query.value.asOfUs === 'number' ? query.value.asOfUs : null;
  return (
    <>
      {query.stale && query.error !== null && (
        <StaleBanner asOfUs={asOfUs} error={query.error} onRetry={query.refresh} />
      )}
      {children(query.value)}
    </>
  );
}
