import { createHash, type Hash } from 'node:crypto';
import { addUtcDays, DAY_US, type UtcDay, utcDayStartUs } from '../../../shared/base/time';
import type { ExecutionColumns } from '../../../shared/market/columns';
import type { Source } from '../../../shared/market/executions';
import { ordersToldOnce } from '../../../shared/market/order-events';
import { methodVersion } from '../../../shared/parity/method';
import type { ParitySettings } from '../../../shared/parity/settings';
import type { PriceSeries, SideInput, SymbolDayInput } from '../../../shared/parity/symbol-day';
import type { DayFacts, ExecutionStore, SegmentSummary } from '../ports';

/**
 * What a symbol's day is judged by. Everything but the executions is small and is read to fingerprint the day; the executions
 * stand in the fingerprint with their count, span, net quantity and last price, and with how often they were written anew where several
 * logs tell them. Equal fingerprints mean an equal report.
 */

export interface SymbolDayKey {
  readonly strategy: string;
  readonly symbol: string;
  readonly day: UtcDay;
}

/** The segments of one symbol's day; null = that source has no fill on it. */
export interface DaySegments {
  readonly live: SegmentSummary | null;
  readonly backtest: SegmentSummary | null;
}

/** The day without its executions, and the fingerprint of it all. */
export interface DayEvidence {
  readonly key: SymbolDayKey;
  readonly segments: DaySegments;
  readonly input: Omit<SymbolDayInput, 'live' | 'backtest' | 'revision' | 'intervals'> & {
    readonly live: Omit<SideInput, 'executions'>;
    readonly backtest: Omit<SideInput, 'executions'>;
  };
  readonly inputHash: string;
}

/** A symbol of the day, with the fee currencies that need a price. */
export interface SymbolOfDay {
  readonly symbol: string;
  readonly segments: DaySegments;
  readonly feeCurrencies: readonly string[];
  readonly settings: ParitySettings;
}

export interface EvidenceContext {
  readonly executions: ExecutionStore;
  readonly nowUs: number;
  readonly coverage: Readonly<Record<Source, SideInput['coverage']>>;
}

/** Fee currencies that need a price, out of a fingerprint made earlier: they are written in front of the hash. */
export function feeCurrenciesOf(inputHash: string): readonly string[] {
  const [currencies = ''] = inputHash.split('|', 1);
  return currencies === '' ? [] : currencies.split(',');
}

/** Currencies of the fees other than the symbol's own base and quote, ascending. */
export function thirdCurrencies(symbol: string, sides: readonly (ExecutionColumns | null)[]): readonly string[] {
  const own = new Set(symbol.split(/[/:]/));
  const found = new Set<string>();
  for (const columns of sides) {
    // A dictionary may name more than the day uses: one price series too many costs nothing.
    for (const currency of columns?.dictionaries.feeCurrencies ?? []) {
      if (currency !== '' && !own.has(currency)) found.add(currency);
    }
  }
  return [...found].sort();
}

/** Evidence of the symbols in their order: two questions of the store, however many they are. */
export async function gatherEvidence(
  strategy: string,
  day: UtcDay,
  symbols: readonly SymbolOfDay[],
  context: EvidenceContext,
): Promise<readonly DayEvidence[]> {
  const startUs = utcDayStartUs(day);
  const endUs = startUs + DAY_US;
  const seriesOf = symbols.map(({ symbol, feeCurrencies, settings }) => {
    const reachUs = settings.feePriceMaxAgeMs * 1_000;
    const quote = symbol.split(/[/:]/)[1] ?? null;
    const feeSymbols = quote === null ? [] : feeCurrencies.flatMap((fee) => [`${fee}/${quote}`, `${quote}/${fee}`]);
    return [
      { symbol, fromUs: startUs, toUs: endUs + 1 },
      ...feeSymbols.map((name) => ({ symbol: name, fromUs: startUs - reachUs, toUs: endUs + reachUs })),
    ];
  });
  const wanted = seriesOf.flat();
  const names = symbols.map(({ symbol }) => symbol);
  const [facts, series] = await Promise.all([
    context.executions.dayFacts(strategy, names, day),
    context.executions.pricesOf(wanted),
  ]);
  let at = 0;
  return symbols.map((symbolOfDay, index) => {
    const named = seriesOf[index]!.map(({ symbol }) => [symbol, series[at++]!] as const);
    const [[, prices], ...fees] = named as [(typeof named)[0], ...typeof named]; // its own series is always the first
    const feePrices = new Map(fees.filter(([, { atUs }]) => atUs.length > 0));
    return evidenceOf(
      { strategy, symbol: symbolOfDay.symbol, day },
      symbolOfDay,
      facts[index]!,
      prices,
      feePrices,
      context,
    );
  });
}

function evidenceOf(
  key: SymbolDayKey,
  { segments, feeCurrencies, settings }: SymbolOfDay,
  { orderEvents, positionBefore, lastFillBefore, quarantinedRows }: DayFacts,
  prices: PriceSeries,
  feePrices: ReadonlyMap<string, PriceSeries>,
  { nowUs, coverage }: EvidenceContext,
): DayEvidence {
  const { strategy, symbol, day } = key;
  const closedUs = utcDayStartUs(day) + DAY_US + settings.graceMs * 1_000;
  const side = (source: Source): Omit<SideInput, 'executions'> => ({
    orderEvents: ordersToldOnce(orderEvents.filter((event) => event.source === source)),
    positionAtStart: positionBefore[source],
    coverage: coverageOfDay(coverage[source], segments[source], day),
  });
  const input: DayEvidence['input'] = {
    strategy,
    symbol,
    day,
    live: side('live'),
    backtest: side('backtest'),
    prices,
    lastFillBefore,
    feePrices,
    allocatedCapital: null,
    quarantinedRows,
    // Only whether the day is closed matters; two instants stand for the two answers, so that asking later changes nothing.
    nowUs: nowUs >= closedUs ? closedUs : closedUs - 1,
    settings,
  };
  return { key, segments, input, inputHash: fingerprint(segments, input, feeCurrencies) };
}

/** Ends of the coverage that a symbol's own fills do not tell are known to the minute. */
const coverageStepUs = 60_000_000;

/**
 * What of the strategy's coverage falls into the day: later imports widen it, but say nothing new of this day. Within the day other symbols'
 * fills move its ends with every fill; told to the minute, and never short of the symbol's own fills, they say as much and seldom change.
 */
export function coverageOfDay(
  coverage: SideInput['coverage'],
  own: Pick<SegmentSummary, 'firstUs' | 'lastUs'> | null,
  day: UtcDay,
): SideInput['coverage'] {
  if (coverage === null) return null;
  const startUs = utcDayStartUs(day);
  const endUs = utcDayStartUs(addUtcDays(day, 1));
  if (coverage.lastUs < startUs || coverage.firstUs >= endUs) return null;
  const firstUs = Math.ceil(coverage.firstUs / coverageStepUs) * coverageStepUs;
  const lastUs = Math.floor(coverage.lastUs / coverageStepUs) * coverageStepUs;
  return {
    firstUs: Math.max(startUs, Math.min(firstUs, coverage.lastUs, own?.firstUs ?? Number.POSITIVE_INFINITY)),
    lastUs: Math.min(endUs, Math.max(lastUs, coverage.firstUs, own?.lastUs ?? Number.NEGATIVE_INFINITY)),
  };
}

function fingerprint(segments: DaySegments, input: DayEvidence['input'], feeCurrencies: readonly string[]): string {
  const hash = createHash('sha256');
  const { prices, feePrices, ...plain } = input;
  hash.update(JSON.stringify([methodVersion, describe(segments.live), describe(segments.backtest), plain]));
  addSeries(hash, prices);
  for (const name of [...feePrices.keys()].sort()) {
    hash.update(name);
    const series = feePrices.get(name);
    if (series) addSeries(hash, series);
  }
  return `${feeCurrencies.join(',')}|${hash.digest('hex').slice(0, 32)}`;
}

function describe(segment: SegmentSummary | null): readonly number[] | null {
  if (segment === null) return null;
  const { count, firstUs, lastUs, netQuantity, lastPrice, revision } = segment;
  const figures = [count, firstUs, lastUs, netQuantity, lastPrice];
  return revision === undefined ? figures : [...figures, revision];
}

function addSeries(hash: Hash, { atUs, price }: PriceSeries): void {
  hash.update(`;${atUs.length};`);
  hash.update(new Uint8Array(atUs.buffer, atUs.byteOffset, atUs.byteLength));
  hash.update(new Uint8Array(price.buffer, price.byteOffset, price.byteLength));
}
