import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { Failure } from '../../shared/base/errors';
import type { CallArgs, CallName, CallResult } from '../../shared/contract/calls';
import { queries, readConnection, watchConnection } from './engine';
import type { QueryState } from './query-cache';

export interface Query<Value> extends QueryState<Value> {
  /** Nothing to show yet and no failure. */
  readonly loading: boolean;
  readonly refresh: () => void;
}

const idle: QueryState<never> = { value: null, error: null, fetching: false, stale: false };

/**
 * The latest answer to a reading call; asked again by itself when the stored data changes. `args` null = do not ask yet.
 * The arguments are compared by content, so they may be written in place.
 */
export function useQuery<Name extends CallName>(name: Name, args: CallArgs<Name> | null): Query<CallResult<Name>> {
  const argsText = args === null ? null : JSON.stringify(args);
  const held = useMemo(
    () => (argsText === null ? null : (JSON.parse(argsText) as CallArgs<Name>)), // what was written one line above
    [argsText],
  );
  const subscribe = useCallback(
    (listener: () => void) => (held === null ? () => {} : queries.watch(name, held, listener)),
    [name, held],
  );
  const state = useSyncExternalStore(
    subscribe,
    (): QueryState<CallResult<Name>> => (held === null ? idle : queries.read(name, held)),
  );
  const refresh = useCallback(() => {
    if (held !== null) queries.refresh(name, held);
  }, [name, held]);
  return { ...state, loading: held !== null && state.value === null && state.error === null, refresh };
}

type PagedName =
  | 'parity.orders'
  | 'parity.causeOrders'
  | 'imports.list'
  | 'imports.quarantine'
  | 'imports.merged'
  | 'watches.files'
  | 'canary.evaluations'
  | 'canary.events'
  | 'canary.history'
  | 'audit.list';
type WithoutPage<Name extends PagedName> = Omit<CallArgs<Name>, 'page'>;

/** Rows of a list of any length: how many there are, and row `index` once its page has come. */
export interface RowSource<Row> {
  readonly count: number;
  /** null while its page is on the way. */
  at(index: number): Row | null;
  /** Says which rows are on screen, so that their pages are asked for. */
  show(first: number, last: number): void;
}

export interface PagedRows<Row, Name extends PagedName> {
  readonly source: RowSource<Row>;
  /** The first page as answered: total, asOf and whatever else the call tells. */
  readonly first: CallResult<Name> | null;
  readonly loading: boolean;
  readonly error: Failure | null;
  readonly stale: boolean;
  readonly refresh: () => void;
}

const PAGE_ROWS = 200;

/** A paged call as one long list, of which only the pages on screen are held. */
export function usePagedRows<Name extends PagedName, Row>(
  name: Name,
  args: WithoutPage<Name>,
  rowsOf: (answer: CallResult<Name>) => readonly Row[],
): PagedRows<Row, Name> {
  const argsText = JSON.stringify(args);
  const [range, setRange] = useState({ from: 0, to: 0 });
  const pickRows = useRef(rowsOf);
  pickRows.current = rowsOf;

  const argsOfPage = useCallback(
    // the page completes the arguments; TypeScript cannot see that Omit and the added key make the whole again
    (page: number) =>
      ({ ...JSON.parse(argsText), page: { offset: page * PAGE_ROWS, limit: PAGE_ROWS } }) as CallArgs<Name>,
    [argsText],
  );
  const [, renderAgain] = useState(0);
  useEffect(() => {
    const listener = () => renderAgain((count) => count + 1);
    const pages = new Set([0]);
    for (let page = range.from; page <= range.to; page += 1) pages.add(page);
    const stops = [...pages].map((page) => queries.watch(name, argsOfPage(page), listener));
    listener();
    return () => {
      for (const stop of stops) stop();
    };
  }, [name, argsOfPage, range]);

  const firstState = queries.read(name, argsOfPage(0));
  const count = firstState.value?.total ?? 0;
  const show = useCallback((first: number, last: number) => {
    const from = Math.max(0, Math.floor((first - PAGE_ROWS / 4) / PAGE_ROWS));
    const to = Math.floor((last + PAGE_ROWS / 4) / PAGE_ROWS);
    setRange((held) => (held.from === from && held.to === to ? held : { from, to }));
  }, []);
  const source: RowSource<Row> = {
    count,
    show,
    at(index) {
      const page = Math.floor(index / PAGE_ROWS);
      const answer = queries.read(name, argsOfPage(page)).value;
      return answer === null ? null : (pickRows.current(answer)[index - page * PAGE_ROWS] ?? null);
    },
  };
  return {
    source,
    first: firstState.value,
    loading: firstState.value === null && firstState.error === null,
    error: firstState.error,
    stale: firstState.stale,
    refresh: useCallback(() => queries.refresh(name, argsOfPage(0)), [name, argsOfPage]),
  };
}

export function useConnection() {
  return useSyncExternalStore(watchConnection, readConnection);
}
