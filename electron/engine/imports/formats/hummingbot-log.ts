/**
 * Hummingbot's log. What happened to an order stands in the lines of its event reporter; all rows of one order wait for each other, for
 * a fill may be told before the creation of its order, and a failure names its market only in a later line.
 */
import { MINUTE_US } from '../../../../shared/base/time';
import type { OrderEventKind, Side } from '../../../../shared/market/executions';
import { symbolOf } from '../../../../shared/market/symbols';
import type { Format, HeldRow, ReadContext, RowOutcome } from '../format';
import { epochReader, isoReader, utcZone } from '../times';
import { feeOfTrade, isPaperOrder, liquidityOfOrder, sideOfTrade, venueOf } from './hummingbot-fill';
import { recordOf } from './json';
import { LegGroups } from './legs';
import { execution, orderEvent, otherRow, RowCheck } from './row';

const linePattern = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) - \d+ - ([\w.]+) - ([A-Z_]+) - (.*)$/s;
const knownLogger = /^hummingbot\./;

const events: ReadonlyMap<string, OrderEventKind | 'filled'> = new Map<string, OrderEventKind | 'filled'>([
  ['BuyOrderCreatedEvent', 'submitted'],
  ['SellOrderCreatedEvent', 'submitted'],
  ['OrderFilledEvent', 'filled'],
  ['OrderCancelledEvent', 'cancelled'],
  ['MarketOrderFailureEvent', 'rejected'],
  ['OrderExpiredEvent', 'expired'],
]);
const createdSides: ReadonlyMap<string, Side> = new Map<string, Side>([
  ['BuyOrderCreatedEvent', 'buy'],
  ['SellOrderCreatedEvent', 'sell'],
]);

/** Lines of text in which the bot names an order's market: what it cancels, what it created, what failed. */
const marketOfOrder = [
  /\(([^\s()]{3,40})\) \w+ the \w+ order ([\w/-]{8,80})\b/,
  /Created \w+ (?:BUY|SELL) order ([\w/-]{8,80}) for \S+ ([A-Za-z0-9]+-[A-Za-z0-9]+)\./,
  /trading_pair='([^']{3,40})'.*client_order_id='([^']{8,80})'/,
] as const;

export const hummingbotLog: Format = {
  id: 'hummingbot-log',
  title: 'Hummingbot log',
  describes:
    'Lines of the event reporter become fills and events of orders, with the time the line was written; all other lines and the lines of tracebacks are counted, not read. A fee told as a share is an estimate from the settings of the bot. The log does not name the strategy.',
  kind: 'executions',
  exampleHeader: null,
  exampleRows: [
    '2025-03-04 10:00:02,100 - 77 - hummingbot.core.event.event_reporter - EVENT_LOG - {"timestamp": 1741082402.0, "order_id": "BEHUT1", "type": "OrderType.LIMIT_MAKER", "trading_pair": "ETH-USDT", "amount": "0.75", "price": "2000", "event_name": "BuyOrderCreatedEvent", "event_source": "kucoin"}',
    '2025-03-04 10:00:05,250 - 77 - hummingbot.core.event.event_reporter - EVENT_LOG - {"timestamp": 1741082405.0, "order_id": "BEHUT1", "trading_pair": "ETH-USDT", "trade_type": "TradeType.BUY", "order_type": "OrderType.LIMIT_MAKER", "price": "2000", "amount": "0.5", "trade_fee": {"percent": "0.001", "percent_token": null, "flat_fees": []}, "exchange_trade_id": "71", "event_name": "OrderFilledEvent", "event_source": "kucoin"}',
    '2025-03-04 10:00:05,262 - 77 - hummingbot.connector.client_order_tracker - INFO - BUY order BEHUT1 partially filled.',
  ],
  reference: {
    reads: [
      'time of the line',
      'EVENT_LOG: created, filled, cancelled, failure and expired events',
      'lines that name the market of an order',
    ],
    ignores: ['other lines of text', 'completed events', 'lines of tracebacks'],
    rows: 'A line of the event reporter is a fill or something that happened to an order; the lines of one order are read together.',
    times:
      'The time of the line, with its milliseconds; its zone is told by the whole seconds in UTC that each event counts.',
    fees: 'trade_fee: a share of the amount, which is a setting and an estimate, or flat fees; positive is paid.',
    otherRows: ['further line of a message', 'event BuyOrderCompletedEvent', 'event SellOrderCompletedEvent'],
  },
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'lines') return null;
    const loggers = sample.lines.flatMap((line) => linePattern.exec(line)?.[2] ?? []);
    return loggers.some((logger) => knownLogger.test(logger))
      ? { confidence: 0.97, reason: 'lines of loggers of Hummingbot, with time, process, name and level' }
      : null;
  },
  reader: {
    shape: 'lines',
    open: (context) => new LogReader(context).line,
  },
};

/** One line about an order, as far as it can be read alone. */
interface OrderLine {
  readonly kind: OrderEventKind | 'filled';
  readonly event: Readonly<Record<string, unknown>>;
  readonly name: string;
  readonly orderId: string;
  readonly atUs: number;
}

/** Orders of which something is remembered, several times as many as rows may wait; the oldest is forgotten first. */
const ordersKept = 100_000;

function remember<Told>(of: Map<string, Told>, orderId: string, told: Told): void {
  of.set(orderId, told);
  if (of.size <= ordersKept) return;
  for (const oldest of of.keys()) {
    of.delete(oldest);
    return;
  }
}

class LogReader {
  private readonly check = new RowCheck();
  private readonly iso = isoReader({ zone: utcZone });
  private readonly seconds = epochReader('s');
  private readonly markets = new Map<string, string>();
  private readonly orders = new LegGroups<OrderLine>((lines) => this.settle(lines));
  /** Of a log that grows: how orders began, and failures that wait for their market. */
  private readonly told = new Map<string, readonly OrderLine[]>();
  private readonly failures = new Map<string, OrderLine>();

  constructor(private readonly context: ReadContext) {}

  readonly line = (text: string): RowOutcome | HeldRow => {
    const match = linePattern.exec(text);
    if (match === null) {
      if (!text.includes('EVENT_LOG - {')) return otherRow('further line of a message');
      return {
        kind: 'quarantine',
        reason: 'the line holds an event, but does not begin with a time, a process and a name',
      };
    }
    const [, clock = '', , level = '', message = ''] = match;
    if (level !== 'EVENT_LOG') return this.learnMarket(message) ?? otherRow('line of text');
    return this.event(clock, message);
  };

  private event(clock: string, message: string): RowOutcome | HeldRow {
    const { check } = this;
    check.reset();
    let event: Readonly<Record<string, unknown>> | null = null;
    try {
      event = recordOf(JSON.parse(message));
    } catch {
      return { kind: 'quarantine', reason: 'the event is no valid JSON; the line may be cut' };
    }
    if (event === null) return { kind: 'quarantine', reason: 'the event is no JSON object' };
    const name = check.requiredText('event_name', event['event_name']);
    const kind = events.get(name);
    if (kind === undefined && check.problem === null) return otherRow(`event ${name}`);
    const orderId = check.requiredText('order_id', event['order_id']);
    const atUs = this.instantOf(clock, event['timestamp']);
    if (check.problem !== null || kind === undefined) return check.quarantine(null, atUs);
    const pair = event['trading_pair'];
    if (typeof pair === 'string') remember(this.markets, orderId, pair);
    const line = { kind, event, name, orderId, atUs };
    return this.context.growing === true ? this.atOnce(line) : this.orders.hold(orderId, line);
  }

  /** The outcome of a line of a log that grows, by what was told before it; a failure waits for the line that names its market. */
  private atOnce(line: OrderLine): RowOutcome {
    const { orderId, kind } = line;
    if (kind === 'rejected' && !this.markets.has(orderId) && this.context.symbol === null) {
      remember(this.failures, orderId, line);
      return otherRow('failure told again with its market');
    }
    const before = this.told.get(orderId) ?? [];
    if (kind === 'submitted' || kind === 'filled') remember(this.told, orderId, [...before, line].slice(0, 2));
    return this.settle([...before, line]).at(-1)!;
  }

  /**
   * When the line was written. The clock has milliseconds and no zone, the event counts whole seconds in UTC: the clock's distance from
   * UTC is a multiple of a quarter of an hour.
   */
  private instantOf(clock: string, timestamp: unknown): number {
    const wallUs = this.check.requiredTime('time of the line', clock, this.iso);
    const eventUs = this.check.requiredTime('timestamp', timestamp, this.seconds);
    const quarter = 15 * MINUTE_US;
    return wallUs - Math.round((wallUs - eventUs) / quarter) * quarter;
  }

  /** Remembers the market of an order the line names; the event of a failure that waited for it. */
  private learnMarket(message: string): RowOutcome | null {
    const [acted, created, failed] = marketOfOrder;
    const byAction = acted.exec(message);
    if (byAction !== null) remember(this.markets, byAction[2]!, byAction[1]!);
    const byCreation = created.exec(message);
    if (byCreation !== null) remember(this.markets, byCreation[1]!, byCreation[2]!);
    const byFailure = failed.exec(message);
    if (byFailure === null) return null;
    const [, market = '', orderId = ''] = byFailure;
    remember(this.markets, orderId, market);
    const waiting = this.failures.get(orderId);
    return waiting !== undefined && this.failures.delete(orderId) ? this.settle([waiting])[0]! : null;
  }

  private settle(lines: readonly OrderLine[]): readonly RowOutcome[] {
    const creation = lines.find(({ kind }) => kind === 'submitted');
    const fill = lines.find(({ kind }) => kind === 'filled');
    if (creation !== undefined && fill !== undefined && fill.atUs < creation.atUs) {
      this.context.warn('Some fills were told before the creation of their order; their latency is read as zero.');
    }
    return lines.map((line) => this.outcomeOf(line, creation, fill));
  }

  private outcomeOf(line: OrderLine, creation: OrderLine | undefined, fill: OrderLine | undefined): RowOutcome {
    const { check, context } = this;
    const { event, kind, orderId, atUs } = line;
    check.reset();
    const market = this.markets.get(orderId) ?? context.symbol;
    if (market === null) {
      check.refuse(
        `the log does not tell the market of order ${orderId}, which was created before it begins; name it with --symbol`,
      );
    }
    const symbol = symbolOf(market ?? '');
    const asked = creation?.event ?? {};
    const askedFor = check.number('amount', asked['amount']);
    const { venue, paper } = venueOf(check.text('event_source', event['event_source']));
    const common = {
      ...{ symbol, venue, orderId, clientOrderId: orderId },
      intendedQuantity: askedFor !== null && askedFor > 0 ? askedFor : null,
      paper: paper || isPaperOrder(orderId),
    };
    if (kind !== 'filled') {
      const price = check.number('price', asked['price']);
      const side =
        createdSides.get(creation?.name ?? '') ??
        (fill === undefined ? null : sideOfTrade(check, 'trade_type', fill.event['trade_type']));
      if (check.problem !== null) return check.quarantine(symbol, atUs);
      return {
        kind: 'orderEvents',
        orderEvents: [orderEvent({ ...common, kind, atUs, side, price: price !== null && price > 0 ? price : null })],
      };
    }
    const traded = {
      symbol,
      side: sideOfTrade(check, 'trade_type', event['trade_type']),
      price: check.positive('price', event['price']),
      quantity: check.positive('amount', event['amount']),
    };
    const fillOfLine = execution({
      ...common,
      ...traded,
      ...feeOfTrade(check, context, event['trade_fee'], traded),
      liquidity: liquidityOfOrder(check.text('order_type', event['order_type'])),
      executedAtUs: atUs,
      submittedAtUs: creation === undefined ? null : Math.min(creation.atUs, atUs),
      tradeId: check.text('exchange_trade_id', event['exchange_trade_id']),
    });
    if (check.problem !== null) return check.quarantine(symbol, atUs);
    return { kind: 'executions', executions: [fillOfLine] };
  }
}
