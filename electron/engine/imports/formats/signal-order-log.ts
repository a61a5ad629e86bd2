/**
 * Logs that a trading program writes with bars between their parts: `time | LEVEL | what | name=value | …`, one line for each signal, order
 * placed and order filled. A live log tells each trade's own time; a backtest's clock is that of the run, and its trades are stamped with
 * the bar of their signal. Runs are appended to one log: of several backtests the last counts.
 */
import type { OrderEventKind } from '../../../../shared/market/executions';
import { symbolOf } from '../../../../shared/market/symbols';
import type { Format, HeldRow, ReadContext, Recognition, RowOutcome, Sample } from '../format';
import { isoReader, type TimeReader } from '../times';
import { symbolOfUser } from './columns';
import { LegGroups } from './legs';
import { execution, orderEvent, otherRow, RowCheck } from './row';
import { zoneChoice } from './zones';

const linePattern = /^(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d[.,]\d{1,6}) ?\| ?([A-Z]+) ?\|(.*)$/s;

interface LogLine {
  readonly clock: string;
  /** What the line is about, in small letters. */
  readonly about: string;
  readonly fields: ReadonlyMap<string, string>;
  readonly text: string;
}

/** The parts of a line; null = it is not written so. */
function lineOf(text: string): LogLine | null {
  const match = linePattern.exec(text);
  if (match === null) return null;
  const [about = '', ...parts] = match[3]!.split('|').map((part) => part.trim());
  const fields = new Map<string, string>();
  for (const part of parts) {
    const at = part.indexOf('=');
    if (at > 0 && !part.slice(0, at).includes(' '))
      fields.set(part.slice(0, at).toLowerCase(), part.slice(at + 1).trim());
  }
  return { clock: match[1]!, about: about.toLowerCase(), fields, text: match[3]! };
}

/** Live logs name the symbol in every line; those of a backtest never do. */
function recogniseLog(sample: Sample, live: boolean): Recognition | null {
  if (sample.kind !== 'lines') return null;
  const lines = sample.lines.flatMap((text) => lineOf(text) ?? []);
  const own = lines.filter(
    ({ about, fields }) =>
      ((about === 'order placed' || about === 'order filled') && fields.has('orderid') && fields.has('side')) ||
      (about === 'signal generation' && fields.has('bar') && fields.has('signals')) ||
      (about === 'market data' && fields.has('timeframe')),
  );
  if (own.length === 0 || own.some(({ fields }) => fields.has('symbol')) !== live) return null;
  return {
    confidence: 0.93,
    reason: `lines of ${[...new Set(own.map(({ about }) => about))].join(', ')}, ${live ? 'with' : 'without'} symbol`,
  };
}

const others: ReadonlyMap<string, string> = new Map([
  ['market data', 'market data'],
  ['order logged', 'order logged again'],
]);
const endings: ReadonlyMap<string, OrderEventKind> = new Map<string, OrderEventKind>([
  ['REJECTED', 'rejected'],
  ['CANCELED', 'cancelled'],
  ['CANCELLED', 'cancelled'],
  ['EXPIRED', 'expired'],
]);

const reference = {
  reads: [
    'time of the line',
    'Signal Generation: bar, signals',
    'ORDER PLACED: OrderID, Side, Size, Price, Status',
    'ORDER FILLED: OrderID, Side, FilledSize, FillPrice',
  ],
  ignores: ['Market Data', 'Order Logged'],
  rows: 'A filled order is a fill, a placed one an event; the lines of one order are read together.',
  fees: 'No fee: it is unknown, which is not zero.',
  otherRows: ['market data', 'order logged again', 'signal', 'no signal', 'line of text'],
} as const;

export const signalOrderLog: Format = {
  id: 'signal-order-log',
  title: 'Log of signals and orders',
  describes:
    'Orders filled are fills, orders placed their submission; the signal before an order is when it was decided. Market data and repeated lines are counted, not read. The file of fills beside such a log tells the same trades with the same order ids.',
  kind: 'executions',
  exampleHeader: null,
  exampleRows: [
    '2025-02-03 10:00:00,250 | INFO | Signal Generation | Bar=2025-02-03T10:00:00 | Symbol=ETHUSDT | Signals=1 | Signal: BUY 0.0 @ MARKET',
    '2025-02-03 10:00:00,750 | INFO | ORDER PLACED | OrderID=71 | Symbol=ETHUSDT | Side=BUY | Size=0.5 | Price=2000 | Status=FILLED',
    '2025-02-03 10:00:00,751 | INFO | ORDER FILLED | OrderID=71 | Symbol=ETHUSDT | Side=BUY | FilledSize=0.5 | FillPrice=2000 | Status=FILLED | Timestamp=2025-02-03T10:00:00.750123',
  ],
  reference,
  impliedSource: 'live',
  recognise: (sample) => recogniseLog(sample, true),
  reader: { shape: 'lines', open: (context) => new LiveLog(context).line },
};

export const signalOrderBacktestLog: Format = {
  id: 'signal-order-backtest-log',
  title: 'Log of signals and orders of a backtest',
  describes:
    'Orders filled are fills at the bar of their signal; of several runs in one log the last is read and the others are counted. The log does not name its symbol.',
  kind: 'executions',
  exampleHeader: null,
  exampleRows: [
    '2025-02-04 08:00:00,250 | INFO | Signal Generation | Bar=2025-02-03T10:00:00 | Signals=1 | Signal: BUY 0.0000 at MARKET',
    '2025-02-04 08:00:00,250 | INFO | ORDER PLACED | OrderID=bt-1 | Side=BUY | Size=0.5 | Price=2000 | Status=FILLED',
    '2025-02-04 08:00:00,251 | INFO | ORDER FILLED | OrderID=bt-1| Side=BUY | FilledSize=0.5 | FillPrice=2000 | Status=FILLED',
    '2025-02-04 08:00:00,300 | INFO | backtesting completed, 1 orders logged',
  ],
  reference: { ...reference, otherRows: [...reference.otherRows, 'order of an earlier run'] },
  impliedSource: 'backtest',
  recognise: (sample) => recogniseLog(sample, false),
  reader: { shape: 'lines', open: (context) => new BacktestLog(context).line },
};

/** An order placed or filled. */
interface OrderLine {
  readonly about: 'order placed' | 'order filled';
  readonly orderId: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly price: number;
  readonly quantity: number;
  readonly status: string;
  readonly atUs: number;
  readonly decidedAtUs: number | null;
}

class LogFields {
  readonly check = new RowCheck();
  readonly iso: TimeReader;

  constructor(context: ReadContext) {
    this.iso = isoReader(zoneChoice(context, null));
  }

  clock({ clock }: LogLine): number {
    return this.check.requiredTime('time of the line', clock, this.iso);
  }

  order(line: LogLine, symbol: string, atUs: number, decidedAtUs: number | null): OrderLine {
    const { check } = this;
    const filled = line.about === 'order filled';
    const [size, price] = filled ? (['FilledSize', 'FillPrice'] as const) : (['Size', 'Price'] as const);
    return {
      about: filled ? 'order filled' : 'order placed',
      orderId: check.requiredText('OrderID', line.fields.get('orderid')),
      symbol,
      side: check.side('Side', line.fields.get('side')),
      // An order placed at the market may have no price.
      price: filled
        ? check.positive(price, line.fields.get(price.toLowerCase()))
        : (check.number(price, line.fields.get('price')) ?? 0),
      quantity: check.positive(size, line.fields.get(size.toLowerCase())),
      status: check.text('Status', line.fields.get('status'))?.toUpperCase() ?? '',
      atUs,
      decidedAtUs,
    };
  }
}

/** What a line is that is not written as the others are: one that tells of an order all the same is damaged. */
function unknownLine(text: string): RowOutcome {
  if (!/\| *(?:ORDER (?:PLACED|FILLED)|Signal Generation) *\|/.test(text)) return otherRow('further line of a message');
  return {
    kind: 'quarantine',
    reason: 'the line tells of an order or a signal, but does not begin with a time and a level',
  };
}

/** What every line is that is no order; null = it is one. */
function otherThanOrder(line: LogLine): RowOutcome | null {
  const { about, fields } = line;
  if (about === 'signal generation') return otherRow(fields.get('signals') === '0' ? 'no signal' : 'signal');
  if (about === 'order placed' || about === 'order filled') return null;
  return otherRow(others.get(about) ?? 'line of text');
}

/** Sides of the signals in the line: `Signal: BUY 0.0 @ MARKET`. */
function sidesOf({ text }: LogLine): readonly string[] {
  return [...text.matchAll(/Signal: (BUY|SELL)\b/g)].map((match) => match[1]!.toLowerCase());
}

function placedEvent(line: OrderLine): RowOutcome {
  const { orderId, symbol, side, price, quantity, status, atUs } = line;
  const common = { orderId, symbol, side, atUs, intendedQuantity: quantity, price: price > 0 ? price : null };
  const ending = endings.get(status);
  const submitted = orderEvent({ ...common, kind: 'submitted' });
  return {
    kind: 'orderEvents',
    orderEvents: ending === undefined ? [submitted] : [submitted, orderEvent({ ...common, kind: ending })],
  };
}

class LiveLog {
  private readonly read: LogFields;
  private readonly growing: boolean;
  private readonly decisions = new Map<string, number>();
  private placed: OrderLine | null = null;
  private readonly orders = new LegGroups<OrderLine>((lines) => settledOrder(lines));

  constructor(context: ReadContext) {
    this.read = new LogFields(context);
    this.growing = context.growing === true;
  }

  readonly line = (text: string): RowOutcome | HeldRow => {
    const line = lineOf(text);
    if (line === null) return unknownLine(text);
    const { check } = this.read;
    check.reset();
    const other = otherThanOrder(line);
    if (other !== null) {
      if (line.about === 'signal generation') this.decide(line);
      return check.problem === null ? other : check.quarantine();
    }
    const symbol = symbolOf(check.requiredText('Symbol', line.fields.get('symbol')));
    const stated = check.time('Timestamp', line.fields.get('timestamp'), this.read.iso);
    const atUs = stated ?? this.read.clock(line);
    const side = line.fields.get('side')?.toLowerCase() ?? '';
    const decision = `${symbol} ${side}`;
    const order = this.read.order(line, symbol, atUs, this.decisions.get(decision) ?? null);
    // A signal makes one order.
    if (order.about === 'order filled') this.decisions.delete(decision);
    if (check.problem !== null) return check.quarantine(symbol, atUs);
    return this.growing ? this.atOnce(order) : this.orders.hold(order.orderId, order);
  };

  /** The outcome of a line of a log that grows: its order was placed before it was filled, if it was told at all. */
  private atOnce(order: OrderLine): RowOutcome {
    const placed = this.placed?.orderId === order.orderId ? [this.placed] : [];
    if (order.about === 'order placed') this.placed = order;
    return settledOrder([...placed, order]).at(-1)!;
  }

  private decide(line: LogLine): void {
    const { check } = this.read;
    const sides = sidesOf(line);
    if (sides.length === 0) return;
    const atUs = this.read.clock(line);
    const symbol = symbolOf(check.text('Symbol', line.fields.get('symbol')) ?? '');
    for (const side of sides) this.decisions.set(`${symbol} ${side}`, atUs);
  }
}

function settledOrder(lines: readonly OrderLine[]): readonly RowOutcome[] {
  const placed = lines.find(({ about }) => about === 'order placed');
  return lines.map((line): RowOutcome => {
    if (line.about === 'order placed') return placedEvent(line);
    const { orderId, symbol, side, price, quantity, atUs } = line;
    const decidedAtUs = placed?.decidedAtUs ?? line.decidedAtUs;
    const fill = execution({
      ...{ orderId, symbol, side, price, quantity, executedAtUs: atUs },
      // The lines are written one after the other, a moment behind what they tell.
      decidedAtUs: decidedAtUs === null ? null : Math.min(decidedAtUs, atUs),
      submittedAtUs: placed === undefined ? null : Math.min(placed.atUs, atUs),
      intendedQuantity: placed?.quantity ?? null,
    });
    return { kind: 'executions', executions: [fill] };
  });
}

class BacktestLog {
  private readonly read: LogFields;
  private readonly symbol: string;
  private readonly seen = new Set<string>();
  private run = 0;
  private barUs: number | null = null;
  private readonly runs = new LegGroups<OrderLine & { readonly run: number }>((lines) =>
    lines.map((line) => (line.run < this.run ? otherRow('order of an earlier run') : this.outcomeOf(line))),
  );

  constructor(private readonly context: ReadContext) {
    this.read = new LogFields(context);
    this.symbol = symbolOfUser(context);
  }

  readonly line = (text: string): RowOutcome | HeldRow => {
    const line = lineOf(text);
    if (line === null) return unknownLine(text);
    const { check } = this.read;
    check.reset();
    const other = otherThanOrder(line);
    if (other !== null) {
      if (line.about === 'signal generation' && sidesOf(line).length > 0) {
        this.barUs = check.time('Bar', line.fields.get('bar'), this.read.iso);
        if (this.barUs === null) check.refuse('Bar is missing');
      }
      return check.problem === null ? other : check.quarantine();
    }
    if (this.barUs === null) check.refuse('no signal before the order tells the bar it was made at');
    const order = this.read.order(line, this.symbol, this.barUs ?? Number.NaN, null);
    if (check.problem !== null) return check.quarantine(this.symbol, this.barUs);
    if (order.about === 'order placed') this.beginRun(order.orderId);
    return this.runs.hold(String(this.run), { ...order, run: this.run });
  };

  /** Each run numbers its orders from the first again. */
  private beginRun(orderId: string): void {
    if (this.seen.has(orderId)) {
      this.run += 1;
      this.seen.clear();
      this.context.warn('The log holds several runs of the backtest; only the last is read.');
    }
    this.seen.add(orderId);
  }

  private outcomeOf(line: OrderLine): RowOutcome {
    if (line.about === 'order placed') return placedEvent(line);
    const { orderId, symbol, side, price, quantity, atUs } = line;
    return {
      kind: 'executions',
      executions: [execution({ orderId, symbol, side, price, quantity, executedAtUs: atUs })],
    };
  }
}
