import type { ImportRecord, SegmentPart } from '../../electron/engine/ports';
import { type UtcDay, utcDayOf } from '../../shared/base/time';
import type { ExecutionColumns } from '../../shared/market/columns';
import type { Source } from '../../shared/market/executions';
import { textColumnOf } from '../../shared/market/text-column';

/** Builders of what an import stores, with plain values that a test overrides where they matter. */

export interface Fill {
  readonly atUs: number;
  readonly price?: number;
  /** Signed: negative sells. */
  readonly quantity?: number;
  readonly fee?: number;
  readonly tradeId?: string;
  readonly orderId?: string;
  readonly clientOrderId?: string;
  readonly venue?: string;
  readonly line?: number;
  /** Content hash; derived from time, price and quantity when absent. */
  readonly hash?: bigint;
}

export const dayOf = (text: string): UtcDay => utcDayOf(Date.parse(`${text}T00:00:00Z`) * 1_000);
export const us = (iso: string): number => Date.parse(iso) * 1_000;

function columnsOf(fills: readonly Fill[], importId = 'import-1'): ExecutionColumns {
  const count = fills.length;
  const venues = ['', ...new Set(fills.flatMap(({ venue }) => (venue ? [venue] : [])))];
  const unknown = () => new Float64Array(count).fill(Number.NaN);
  const text = (of: (fill: Fill) => string | undefined) => textColumnOf(fills.map((fill) => of(fill) ?? ''));
  return {
    count,
    executedAtUs: Float64Array.from(fills, ({ atUs }) => atUs),
    side: Int8Array.from(fills, ({ quantity = 1 }) => (quantity < 0 ? -1 : 1)),
    price: Float64Array.from(fills, ({ price = 100 }) => price),
    quantity: Float64Array.from(fills, ({ quantity = 1 }) => Math.abs(quantity)),
    fee: Float64Array.from(fills, ({ fee = Number.NaN }) => fee),
    feeCurrency: new Uint16Array(count),
    liquidity: new Uint8Array(count),
    decidedAtUs: unknown(),
    submittedAtUs: unknown(),
    arrivalPrice: unknown(),
    intendedQuantity: unknown(),
    venue: Uint16Array.from(fills, ({ venue = '' }) => venues.indexOf(venue)),
    account: new Uint16Array(count),
    version: new Uint16Array(count),
    paper: new Uint8Array(count),
    tradeId: text(({ tradeId }) => tradeId),
    orderId: text(({ orderId }) => orderId),
    clientOrderId: text(({ clientOrderId }) => clientOrderId),
    line: Uint32Array.from(fills, ({ line }, index) => line ?? index + 1),
    importIndex: new Uint16Array(count),
    dictionaries: { feeCurrencies: [''], venues, accounts: [''], versions: [''], importIds: [importId] },
  };
}

export function partOf(
  fills: readonly Fill[],
  key: { readonly source?: Source; readonly strategy?: string; readonly symbol?: string } = {},
  importId = 'import-1',
): SegmentPart {
  const columns = columnsOf(fills, importId);
  const last = fills.length - 1;
  return {
    summary: {
      key: {
        source: key.source ?? 'live',
        strategy: key.strategy ?? 'alpha',
        symbol: key.symbol ?? 'BTC/USDT',
        day: utcDayOf(fills[0]!.atUs),
      },
      count: fills.length,
      firstUs: fills[0]!.atUs,
      lastUs: fills[last]!.atUs,
      netQuantity: fills.reduce((sum, { quantity = 1 }) => sum + quantity, 0),
      lastPrice: fills[last]!.price ?? 100,
    },
    columns,
    hashes: BigUint64Array.from(fills, hashOf).sort(),
  };
}

function hashOf({ atUs, price = 100, quantity = 1, hash }: Fill): bigint {
  if (hash !== undefined) return hash;
  const words = new BigUint64Array(Float64Array.of(atUs, price, quantity).buffer);
  return BigInt.asUintN(
    64,
    words.reduce((mixed, word) => (mixed ^ word) * 0x9e3779b97f4a7c15n, 1n),
  );
}

export const beginning = {
  fileName: 'fills.csv',
  path: '/logs/fills.csv',
  sizeBytes: 1_000,
  source: 'live',
  strategy: 'alpha',
  version: null,
  account: null,
} as const;

export function recordOf(
  changes: Partial<Omit<ImportRecord, 'id' | 'state' | 'startedAtUs'>> = {},
): Omit<ImportRecord, 'id' | 'state' | 'startedAtUs'> {
  return {
    ...beginning,
    format: 'lockstep-csv',
    confidence: 1,
    reason: 'header of the own format',
    endedAtUs: null,
    counts: { rowsRead: 1, executions: 1, orderEvents: 0, otherRows: 0, duplicates: 0, quarantined: 0 },
    merged: 0,
    severalPerRow: false,
    cutLine: null,
    otherRowNames: {},
    firstUs: null,
    lastUs: null,
    symbols: [],
    zoneAssumed: null,
    failure: null,
    ...changes,
  };
}
