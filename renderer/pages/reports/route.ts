import { isUtcDay, type UtcDay } from '../../../shared/base/time';

/** What the address of a Reports page asks for. Pure. */
export type ReportsRoute =
  /** strategy null = the one that needs a look most; month null = the last with data. */
  | { readonly view: 'calendar'; readonly strategy: string | null; readonly month: string | null }
  | {
      readonly view: 'report';
      readonly strategy: string;
      /** null = portfolio. */
      readonly symbol: string | null;
      readonly day: UtcDay;
      /** null = the latest. */
      readonly revision: number | null;
    }
  | { readonly view: 'compare'; readonly a: Compared; readonly b: Compared }
  | { readonly view: 'unknown' };

/** One side of a comparison as the address has it. */
export interface Compared {
  readonly strategy: string;
  readonly symbol: string | null;
  readonly from: UtcDay;
  readonly to: UtcDay;
  readonly revision: number | null;
  readonly version: string | null;
}

type QueryText = Readonly<Record<string, string | undefined>>;

export function reportsRouteOf(path: readonly string[], query: QueryText): ReportsRoute {
  const [, strategy, part, name, day, ...rest] = path;
  const { month } = query;
  if (part === undefined) {
    return {
      view: 'calendar',
      strategy: strategy ?? null,
      month: month !== undefined && isMonth(month) ? month : null,
    };
  }
  if (strategy === undefined || rest.length > 0) return { view: 'unknown' };
  const revision = revisionOf(query['revision']);
  if (part === 'compare' && name === undefined) {
    const [a, b] = [comparedOf(strategy, 'a', query), comparedOf(strategy, 'b', query)];
    return a === null || b === null ? { view: 'unknown' } : { view: 'compare', a, b };
  }
  if (part === 'day' && name !== undefined && isUtcDay(name) && day === undefined)
    return { view: 'report', strategy, symbol: null, day: name, revision };
  if (part === 'symbol' && name !== undefined && day !== undefined && isUtcDay(day))
    return { view: 'report', strategy, symbol: name, day, revision };
  return { view: 'unknown' };
}

/** The address's parameters of both sides; what side b shares with the strategy of the path is left out. */
export function compareQuery(a: Compared, b: Compared): Readonly<Record<string, string | null>> {
  const side = (name: string, { strategy, symbol, from, to, revision, version }: Compared) => ({
    [`${name}-strategy`]: strategy === a.strategy ? null : strategy,
    [`${name}-symbol`]: symbol,
    [`${name}-from`]: from,
    [`${name}-to`]: to === from ? null : to,
    [`${name}-revision`]: revision === null ? null : String(revision),
    [`${name}-version`]: version,
  });
  return { ...side('a', a), ...side('b', b) };
}

function comparedOf(strategy: string, side: string, query: QueryText): Compared | null {
  const text = (name: string) => query[`${side}-${name}`] || null;
  const from = text('from');
  const to = text('to') ?? from;
  if (from === null || to === null || !isUtcDay(from) || !isUtcDay(to)) return null;
  return {
    strategy: text('strategy') ?? strategy,
    symbol: text('symbol'),
    from,
    to,
    revision: revisionOf(query[`${side}-revision`]),
    version: text('version'),
  };
}

function revisionOf(text: string | undefined): number | null {
  return text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}

export function isMonth(text: string): boolean {
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(text);
}

/** The month so many months later (earlier when negative), as YYYY-MM. */
export function monthAfter(month: string, count: number): string {
  const months = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + count;
  return `${String(Math.floor(months / 12)).padStart(4, '0')}-${String((months % 12) + 1).padStart(2, '0')}`;
}

/** The days of a month, ascending. */
export function daysOfMonth(month: string): readonly string[] {
  const next = monthAfter(month, 1);
  const count = (Date.parse(`${next}-01T00:00:00Z`) - Date.parse(`${month}-01T00:00:00Z`)) / 86_400_000;
  return Array.from({ length: count }, (_, index) => `${month}-${String(index + 1).padStart(2, '0')}`);
}
