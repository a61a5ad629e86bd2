import { Suspense, useEffect, useRef } from 'react';
import { ButtonLink } from '../components/Button';
import { EmptyState, Skeleton } from '../components/States';
import { TooltipProvider } from '../components/Tooltip';
import { addresses } from '../pages/addresses';
import { pages } from '../pages/registry';
import { goTo, useAddress } from '../state/address';
import { ConnectionBar } from './ConnectionBar';
import { ErrorBoundary } from './ErrorBoundary';
import { FileDrop } from './FileDrop';
import { Palette } from './Palette';
import { Rail } from './Rail';
import { Shortcuts } from './Shortcuts';
import { Strip } from './Strip';
import { useKeyboard } from './use-keyboard';

/** Everything around a page: rail, strip, overlays, and what happens when a page breaks. */
export function Frame() {
  const address = useAddress();
  const main = useRef<HTMLElement>(null);
  const pageId = address.path[0] ?? null;
  const where = address.path.join('/');
  useKeyboard();

  useEffect(() => {
    const first = pages[0];
    if (pageId === null && first) goTo(`#/${first.id}`, { replace: true });
  }, [pageId]);

  // The other pages' code is fetched once this one stands, so that changing pages waits for nothing.
  useEffect(() => {
    const idle = requestIdleCallback(() => {
      for (const page of pages) void page.load();
    });
    return () => cancelIdleCallback(idle);
  }, []);

  // A new place: the reading starts at the top, and the focus goes to its title so that the next Tab is inside the page.
  const arrivedAt = useRef(where);
  useEffect(() => {
    if (arrivedAt.current === where) return;
    arrivedAt.current = where;
    main.current?.scrollTo(0, 0);
    (main.current?.querySelector('h1') ?? main.current)?.focus({ preventScroll: true });
  }, [where]);

  const page = pages.find((entry) => entry.id === pageId);
  return (
    <TooltipProvider delayDuration={300}>
      <div className="frame">
        <button type="button" className="skip-link" onClick={() => main.current?.focus()}>
          Skip to the page
        </button>
        <Rail current={pageId} />
        <div className="frame-side">
          <Strip />
          <ConnectionBar />
          <main ref={main} className="frame-main" tabIndex={-1}>
            {page ? (
              <ErrorBoundary key={where} place={page.title}>
                <Suspense fallback={<Skeleton />}>
                  <page.component />
                </Suspense>
              </ErrorBoundary>
            ) : (
              pageId !== null && (
                <EmptyState
                  title={`There is no page "${pageId}".`}
                  actions={<ButtonLink href={addresses.home()}>Go to {pages[0]?.title}</ButtonLink>}
                >
                  The address may come from another version of Lockstep.
                </EmptyState>
              )
            )}
          </main>
        </div>
        <FileDrop />
        <Palette />
        <Shortcuts />
      </div>
    </TooltipProvider>
  );
}
