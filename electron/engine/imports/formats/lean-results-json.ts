/**
 * QuantConnect LEAN's result of a backtest or of a live run: orders with the quote when they were sent. Without its order events an
 * order is one execution at its average price, its fee unknown; the statistics of the file say what all orders together must come to.
 */

import { FailureError, failure } from '../../../../shared/base/errors';
import { compensatedSum } from '../../../../shared/base/sums';
import type { Format, ParsedExecution, ReadContext, RowOutcome, Sample } from '../format';
import { parseNumber } from '../numbers';
import { epochSeconds, Fields, feeIn, isoUtc, type JsonRecord } from './api-record';
import { jsonText, recordOf } from './json';
import { leanEvents, leanRecord, leanStatus, leanSymbol } from './lean';
import { sizeOf } from './lean-order-events-json';
import { execution, orderEvent, otherRow, RowCheck } from './row';

const titles = { backtest: 'QuantConnect LEAN backtest result', live: 'QuantConnect LEAN live result' } as const;

const example = {
  orders: {
    7: {
      ...{ type: 0, id: 7, symbol: { value: 'ETHBTC' }, price: 0.051, priceCurrency: 'BTC', status: 3 },
      ...{ createdTime: '2025-02-03T10:00:00Z', lastFillTime: '2025-02-03T10:00:01.5Z', quantity: -2.5 },
      ...{ securityType: 7, direction: 1, value: -0.1275 },
      orderSubmissionData: { bidPrice: 0.0505, askPrice: 0.0515, lastPrice: 0.051 },
    },
    8: {
      ...{ type: 1, id: 8, symbol: { value: 'ETHBTC' }, price: 0, priceCurrency: 'BTC', status: 5, tag: 'late' },
      ...{ createdTime: '2025-02-03T10:00:00Z', canceledTime: '2025-02-03T11:00:00Z', quantity: 1, limitPrice: 0.049 },
      securityType: 7,
    },
  },
  statistics: { 'Total Orders': '1', 'Total Fees': '$2.10' },
};

export const leanBacktestJson = resultFormat('backtest');
export const leanLiveJson = resultFormat('live');

function resultFormat(source: 'backtest' | 'live'): Format {
  return {
    id: `lean-${source}-json`,
    title: titles[source],
    describes: `Every order becomes its execution at the average price, with the mid of the quote when it was sent, or its event; fees only where the file holds the order events too. Charts, ${source === 'live' ? 'holdings' : 'closed trades'} and logs are not read; the number of orders and the fees are compared with the statistics of the file.`,
    kind: 'executions',
    exampleHeader: null,
    exampleRows: [
      JSON.stringify(
        source === 'live'
          ? { holdings: {}, cash: {}, accountCurrency: 'USD', ...example }
          : { rollingWindow: {}, ...example },
      ),
    ],
    impliedSource: source,
    recognise(sample) {
      const found = sourceOf(sample);
      if (found !== source) return null;
      return { confidence: 0.97, reason: `keys of LEAN's ${source === 'live' ? 'live' : 'backtest'} result` };
    },
    reader: { shape: 'json', rows: (document, context) => rowsOf(document, context) },
  };
}

/** Live packets wrap their result. */
function resultOf(value: unknown): JsonRecord | null {
  const record = recordOf(value);
  if (record === null) return null;
  const outer = leanRecord(record);
  const inner = recordOf(outer['results']);
  return inner === null ? outer : leanRecord(inner);
}

/** Of which run the file is the result, by the keys it begins with; null = of none. */
function sourceOf(sample: Sample): 'backtest' | 'live' | null {
  if (sample.kind !== 'json' && sample.kind !== 'jsonLines') return null;
  const result = resultOf(sample.kind === 'json' ? sample.value : sample.values[0]);
  if (result === null) return null;
  const has = (...names: readonly string[]): boolean => names.some((name) => name in result);
  const tellsTrades = sample.kind === 'json' && /"[tT]radeStatistics"/.test(sample.text);
  if (has('rollingWindow', 'totalPerformance')) {
    return tellsTrades || has('charts', 'orders', 'statistics', 'runtimeStatistics') ? 'backtest' : null;
  }
  if (
    has('holdings') &&
    has('cash', 'accountCurrency') &&
    has('accountCurrency', 'charts', 'orders', 'runtimeStatistics')
  )
    return 'live';
  return null;
}

function* rowsOf(
  document: unknown,
  context: ReadContext,
): Generator<{ line: number; text: () => string; outcome: RowOutcome }> {
  const result = resultOf(document) ?? {};
  const orders = entriesOf(result['orders']);
  if (orders === null) {
    throw new FailureError(
      failure(
        'no-data',
        "The file is a summary of LEAN's result and holds no orders.",
        'Import the result of the same name without "-summary", or the "-order-events.json" beside it.',
      ),
    );
  }
  const reader = new ResultReader(entriesOf(result['orderEvents']) ?? [], context);
  let line = 0;
  for (const order of orders) {
    line += 1;
    yield { line, text: () => jsonText(order), outcome: reader.order(order) };
  }
  if (line === 0) context.warn('The result holds no orders.');
  reader.compare(recordOf(result['statistics']) ?? {});
}

function entriesOf(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value;
  const record = recordOf(value);
  return record === null ? null : Object.values(record);
}

/** SecurityType: Option, Future, FutureOption, IndexOption, whose contracts stand for several units. */
const contracts = new Set([2, 5, 8, 10]);
const cryptoFuture = 11;

class ResultReader {
  private readonly check = new RowCheck();
  private readonly fillEvents = new Map<string, JsonRecord[]>();
  private filledOrders = 0;
  /** Of all executions; null = one is unknown. */
  private fees: number[] | null = [];

  constructor(
    events: readonly unknown[],
    private readonly context: ReadContext,
  ) {
    for (const value of events) {
      const event = leanRecord(recordOf(value) ?? {});
      const orderId = String(event['orderId'] ?? '');
      if (!(Math.abs(Number(event['fillQuantity'])) > 0)) continue;
      this.fillEvents.set(orderId, [...(this.fillEvents.get(orderId) ?? []), event]);
    }
  }

  order(value: unknown): RowOutcome {
    const { check, context } = this;
    const record = recordOf(value);
    if (record === null) return { kind: 'quarantine', reason: 'the order is no JSON object' };
    check.reset();
    const fields = new Fields(check, leanRecord(record));
    const status = leanStatus(fields);
    const type = fields.number('securityType');
    const priceCurrency = fields.text('priceCurrency');
    const ticker = new Fields(check, leanRecord(recordOf(fields.raw('symbol')) ?? {}), 'symbol.').requiredText('value');
    const symbol = leanSymbol(ticker, priceCurrency);
    const quantity = fields.number('quantity');
    const createdAtUs = fields.requiredTime('createdTime', isoUtc);
    const filledAtUs = fields.time('lastFillTime', isoUtc);
    const orderId = fields.requiredText('id');
    if (quantity === null || quantity === 0) fields.refuseValue('quantity', 'but must be above or below zero');
    if (type === cryptoFuture && priceCurrency === 'USD')
      check.refuse(`${ticker} is settled in its coin; how much of it a contract is worth is not told`);
    if (type !== null && contracts.has(type))
      context.warn(
        'Quantities of futures and options are contracts; how many units one stands for is not in the file.',
      );
    const common = {
      symbol,
      side: (quantity ?? 0) < 0 ? ('sell' as const) : ('buy' as const),
      orderId,
      intendedQuantity: sizeOf(fields, 'quantity'),
    };
    const isFill = status === 'filled' || status === 'partiallyFilled';
    if (isFill) this.filledOrders += 1;
    const fills = this.fillEvents.get(orderId) ?? [];
    const executions: ParsedExecution[] = [];
    const told = {
      ...common,
      submittedAtUs: createdAtUs,
      arrivalPrice: arrivalOf(check, fields.raw('orderSubmissionData')),
    };
    for (const event of fills)
      executions.push(execution({ ...told, ...fillOf(new Fields(check, event, 'orderEvents.'), priceCurrency) }));
    if (fills.length === 0 && (isFill || filledAtUs !== null)) {
      // What an order that ended early had filled is in its events alone.
      if (status !== 'filled')
        check.refuse(`the order is ${status} and was filled in part, but how much is told in its order events only`);
      if (filledAtUs === null) check.refuse('lastFillTime is missing');
      executions.push(
        execution({
          ...told,
          price: fields.positive('price'),
          quantity: Math.abs(quantity ?? Number.NaN),
          executedAtUs: filledAtUs ?? Number.NaN,
        }),
      );
    }
    const kind =
      leanEvents.get(status) ??
      (['new', 'updateSubmitted', 'cancelPending'].includes(status) ? 'submitted' : undefined);
    const endedAtUs =
      kind === 'cancelled'
        ? (fields.time('canceledTime', isoUtc) ?? fields.time('lastUpdateTime', isoUtc) ?? createdAtUs)
        : createdAtUs;
    const limit = fields.positiveOrNone('limitPrice');
    const tag = fields.text('tag');
    if (check.problem !== null) return check.quarantine(symbol, filledAtUs ?? createdAtUs);
    const orderEvents =
      kind === undefined
        ? []
        : [orderEvent({ ...common, kind, atUs: endedAtUs, price: limit, reason: kind === 'submitted' ? null : tag })];
    for (const { fee } of executions) {
      if (fee === null) this.fees = null;
      else this.fees?.push(fee);
    }
    if (executions.length > 0)
      return { kind: 'executions', executions, ...(orderEvents.length > 0 && { orderEvents }) };
    return orderEvents.length > 0 ? { kind: 'orderEvents', orderEvents } : otherRow(`order ${status}`);
  }

  /** Says where the statistics of the file and its orders differ. */
  compare(statistics: JsonRecord): void {
    const stated = statistics['Total Orders'] ?? statistics['Total Trades'];
    const orders = typeof stated === 'string' || typeof stated === 'number' ? parseNumber(String(stated)) : null;
    if (orders !== null && orders !== this.filledOrders) {
      this.context.warn(`The statistics of the file count ${orders} filled orders, but it holds ${this.filledOrders}.`);
    }
    const totalFees = statistics['Total Fees'];
    if (typeof totalFees !== 'string') return;
    if (this.fees === null) {
      this.context.warn(
        `The fee of each order is not in this file; its statistics state ${totalFees} for all. Import the "-order-events.json" in its place where fees matter.`,
      );
      return;
    }
    const ours = compensatedSum(this.fees);
    const theirs = parseNumber(totalFees);
    // Stated to the cent.
    if (theirs !== null && Math.abs(ours - theirs) > 0.0051) {
      this.context.warn(`The statistics of the file state ${totalFees} of fees, but its orders come to ${ours}.`);
    }
  }
}

function fillOf(
  fields: Fields,
  priceCurrency: string | null,
): Pick<ParsedExecution, 'price' | 'quantity' | 'executedAtUs' | 'fee' | 'feeCurrency' | 'tradeId'> {
  const fee = fields.number('orderFeeAmount');
  return {
    ...feeIn(fee, fields.text('orderFeeCurrency') ?? priceCurrency),
    price: fields.positive('fillPrice'),
    quantity: sizeOf(fields, 'fillQuantity') ?? Number.NaN,
    executedAtUs: fields.requiredTime('time', epochSeconds),
    tradeId: fields.text('executionId'),
  };
}

/** Mid of the quote when the order was sent; null where a side is missing. */
function arrivalOf(check: RowCheck, value: unknown): number | null {
  const record = recordOf(value);
  if (record === null) return null;
  const fields = new Fields(check, leanRecord(record), 'orderSubmissionData.');
  const bid = fields.number('bidPrice');
  const ask = fields.number('askPrice');
  return bid !== null && ask !== null && bid > 0 && ask > 0 ? (bid + ask) / 2 : null;
}
