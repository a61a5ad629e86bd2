/**
 * Logs of FIX sessions (4.0 to 5.0), a message a line behind whatever the engine writes before it, with any separator. A router logs
 * one report on each of its hops, so that a report counts once by its order and execution id.
 */
import type { OrderEventKind, Side } from '../../../../shared/market/executions';
import { symbolOf } from '../../../../shared/market/symbols';
import type { Format, HeldRow, ParsedExecution, ParsedOrderEvent, ReadContext, RowOutcome } from '../format';
import { patternReader, type TimeReader, utcZone } from '../times';
import { majorCurrency } from './broker';
import { LegGroups } from './legs';
import { execution, orderEvent, otherRow, quoted, RowCheck } from './row';
import { namedZone, zoneChoice } from './zones';

/** Version, then whatever stands before the second field: SOH, `|`, `^A`, `\x01`, `;`. */
const beginning = /8=FIXT?\.\d\.\d(.{1,6}?)9=\d+\1/;

const sides: ReadonlyMap<string, Side> = new Map<string, Side>([
  ...['1', '3'].map((code): [string, Side] => [code, 'buy']),
  ...['2', '4', '5', '6'].map((code): [string, Side] => [code, 'sell']),
]);

/** ExecType (150), or OrdStatus (39) where a session has none. */
const events: ReadonlyMap<string, OrderEventKind> = new Map<string, OrderEventKind>([
  ['0', 'submitted'],
  ['4', 'cancelled'],
  ['8', 'rejected'],
  ['C', 'expired'],
]);
const fillTypes = new Set(['1', '2', 'F']);
const passed: ReadonlyMap<string, string> = new Map([
  ['3', 'done for the day'],
  ['5', 'order replaced'],
  ['6', 'pending cancel'],
  ['7', 'order stopped'],
  ['9', 'order suspended'],
  ['A', 'pending new'],
  ['B', 'order calculated'],
  ['D', 'order restated'],
  ['E', 'pending replace'],
  ['I', 'order status'],
]);

/** Messages (35) that are no report of an order. */
const messageNames: ReadonlyMap<string, string> = new Map([
  ['0', 'heartbeat'],
  ['1', 'test request'],
  ['2', 'resend request'],
  ['4', 'sequence reset'],
  ['5', 'logout'],
  ['9', 'refused cancel or replace'],
  ['A', 'logon'],
  ['F', 'cancel request'],
  ['G', 'replace request'],
  ['H', 'status request'],
  ['V', 'market data request'],
  ['W', 'market data'],
  ['X', 'market data'],
  ['AE', 'trade capture report'],
  ['h', 'session status'],
]);

type FixMessage = ReadonlyMap<string, string>;

/** What a new order asked for: a reject of its message names only the message. */
type AskedOrder = Pick<
  ParsedOrderEvent,
  'venue' | 'account' | 'symbol' | 'side' | 'clientOrderId' | 'intendedQuantity'
>;

/** A report that says the order's total and not its last fill. */
interface Totals {
  readonly order: string;
  readonly key: string;
  /** CumQty (14) and AvgPx (6). */
  readonly filled: number;
  readonly average: number;
  readonly fill: (price: number, quantity: number) => RowOutcome;
}

/** Fields of the message in the line by tag, the first of each; null = there is none. */
function messageOf(text: string): FixMessage | null {
  const start = beginning.exec(text);
  if (start === null) return null;
  const fields = new Map<string, string>();
  for (const field of text.slice(start.index).split(start[1]!)) {
    const at = field.indexOf('=');
    if (at <= 0) continue;
    const tag = field.slice(0, at).trim();
    const value = field.slice(at + 1).trim();
    if (value !== '' && !fields.has(tag)) fields.set(tag, value);
  }
  return fields;
}

/** Pairs of currencies and coins become BASE/QUOTE; tickers (six letters are none) and SEDOLs keep their names. */
function fixSymbol(name: string): string {
  return /[/_-]/.test(name) || /^[A-Z]{6,}$/.test(name) ? symbolOf(name) : name;
}

export const fixLog: Format = {
  id: 'fix44-engine-log',
  title: 'FIX log',
  describes:
    'Execution reports become fills and order events, busts (150=H) and corrections (150=G) take back or change the fill they refer to (19), new orders (35=D) become their submission; copies of a report on other hops and all other messages are named and passed over. Checksums are not held against a message, because logs are anonymised.',
  kind: 'executions',
  exampleHeader: null,
  exampleRows: [
    'in 04:05:07 8=FIX.4.4|9=100|35=8|11=c1|12=1.5|13=3|14=4|15=USD|17=e1|31=2500.5|32=4|37=o1|38=10|39=1|49=BROKER|52=20250203-04:05:07.250|54=2|55=ETH/USD|56=DESK|60=20250203-04:05:06.123456|150=F|151=6|851=2|10=000|',
  ],
  reference: {
    otherRows: [
      ...passed.values(),
      ...messageNames.values(),
      'refused message',
      'copy of a report',
      'trade bust',
      'trade correction',
      'order status',
      'report without its last fill',
    ],
    fees: 'Commission (12) by its type (13): 1 for each unit, 2 a share of the amount, 3 in all; positive is paid; in CommCurrency (479) or Currency (15).',
    times:
      'TransactTime (60), or SendingTime (52) where there is none, is UTC by the standard; where a log has 60 in local time, name the zone.',
  },
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'lines') return null;
    const [message] = sample.lines.flatMap((line) => messageOf(line) ?? []);
    return message?.has('35') === true
      ? { confidence: 0.98, reason: `messages that begin with 8=${message.get('8')}` }
      : null;
  },
  reader: {
    shape: 'lines',
    open(context) {
      const read = messageReader(context);
      return (text) => {
        const message = messageOf(text);
        if (message === null) {
          return text.includes('8=FIX')
            ? { kind: 'quarantine', reason: 'the message is cut short after 8=FIX' }
            : otherRow('text without a message');
        }
        if (!message.has('10'))
          return { kind: 'quarantine', reason: 'the message is cut short: it has no checksum (10)' };
        return read(message);
      };
    },
  },
};

function messageReader(context: ReadContext): (message: FixMessage) => RowOutcome | HeldRow {
  const check = new RowCheck();
  const sent = timeReader(context, true);
  const transacted = timeReader(context, false);
  const seen = new Set<string>();
  const asked = new Map<string, AskedOrder>();
  /** By order what was filled in all, and at what average, as its reports say. */
  const progress = new Map<string, Map<number, number>>();
  /** How much was filled in all by each fill that was read. */
  const reached = new Set<string>();

  /** Reports without a last fill wait for a copy that has it; where none comes, the fill is what the totals grew by. */
  const waiting = new LegGroups<Totals>((reports) =>
    reports.map(({ order, key, filled, average, fill }) => {
      if (seen.has(key) || reached.has(`${order}\u0000${filled}`)) return otherRow('report without its last fill');
      let before = 0;
      for (const total of progress.get(order)?.keys() ?? []) if (total < filled && total > before) before = total;
      const quantity = filled - before;
      const price = (average * filled - (progress.get(order)?.get(before) ?? 0) * before) / quantity;
      if (!(price > 0)) {
        return {
          kind: 'quarantine',
          reason: `the report says no last fill (32), and none can be worked out of CumQty (14) ${filled} and AvgPx (6) ${average}`,
        };
      }
      seen.add(key);
      reached.add(`${order}\u0000${filled}`);
      return fill(price, quantity);
    }),
  );

  /** Whether this is the first of its copies. */
  const isFirst = (key: string): boolean => {
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  };

  const timeOf = (message: FixMessage): number => {
    const sentAtUs = check.time('SendingTime (52)', message.get('52'), sent);
    const atUs = check.time('TransactTime (60)', message.get('60'), transacted);
    if (context.zone === null && sentAtUs !== null && atUs !== null && atUs - sentAtUs > 600_000_000)
      context.warn(
        'Some trades are stamped (60) later than they were sent (52), so that their times are probably local and not UTC as FIX has it; name the zone with --zone if so.',
      );
    if (atUs === null && sentAtUs === null) check.refuse('TransactTime (60) and SendingTime (52) are missing');
    return atUs ?? sentAtUs ?? Number.NaN;
  };

  /** A message refused as such: where it was a new order, that order is rejected. */
  const rejected = (message: FixMessage, type: string): RowOutcome => {
    const ofMessage = `${message.get('56') ?? ''}\u0000${message.get('49') ?? ''}\u0000${message.get('45') ?? ''}`;
    const order = asked.get(ofMessage) ?? asked.get(message.get('379') ?? '');
    const atUs = timeOf(message);
    if (check.problem !== null) return check.quarantine(order?.symbol, atUs);
    if (order === undefined || /^(?!D$)./.test(message.get('372') ?? '')) return otherRow('refused message');
    if (!isFirst(`${type}\u0000rejected\u0000${order.clientOrderId ?? ofMessage}`)) return otherRow('copy of a report');
    const event = orderEvent({ ...order, kind: 'rejected', atUs, reason: message.get('58') ?? null });
    return { kind: 'orderEvents', orderEvents: [event] };
  };

  return (message) => {
    check.reset();
    const type = message.get('35');
    if (type === undefined) return { kind: 'quarantine', reason: 'the message has no type (35)' };
    if (type === '3' || type === 'j') return rejected(message, type);
    if (type !== '8' && type !== 'D')
      return otherRow(messageNames.get(type) ?? (/^\w{1,2}$/.test(type) ? `message 35=${type}` : 'unknown message'));
    const atUs = timeOf(message);
    const symbol = fixSymbol(check.requiredText('Symbol (55)', message.get('55')));
    const side = sides.get(message.get('54') ?? '');
    const common = {
      ...{ venue: message.get('30') ?? null, account: message.get('1') ?? null, symbol },
      ...{ orderId: message.get('37') ?? null, clientOrderId: message.get('11') ?? null },
      intendedQuantity: check.number('OrderQty (38)', message.get('38')) || null,
    };
    if (type === 'D') {
      const order: AskedOrder = { ...common, side: side ?? null };
      asked.set(`${message.get('49') ?? ''}\u0000${message.get('56') ?? ''}\u0000${message.get('34') ?? ''}`, order);
      if (order.clientOrderId !== null) asked.set(order.clientOrderId, order);
    }
    const execId = message.get('17') ?? null;
    const kind = type === 'D' ? '0' : (message.get('150') ?? message.get('39') ?? '');
    const order = `${common.orderId ?? ''}\u0000${common.clientOrderId ?? ''}`;
    // A replaced order keeps its id and what was filled of it, under another id of the client.
    const orderKey = common.orderId ?? order;

    const transaction = message.get('20') ?? '0';
    if (type === '8' && transaction === '3') return otherRow('order status');
    const changes = type === '8' && (['1', '2'].includes(transaction) || kind === 'G' || kind === 'H');
    if (changes) {
      const corrects = transaction === '2' || kind === 'G';
      const reference = check.requiredText('ExecRefID (19) of the execution the report changes', message.get('19'));
      const { currency, scale } = majorCurrency(message.get('15') ?? null);
      if (scale !== 1) context.warn(`Prices and fees in ${message.get('15')} are read in ${currency}.`);
      const price = corrects ? check.positive('LastPx (31)', message.get('31')) * scale : 0;
      const quantity = corrects ? check.positive('LastQty (32)', message.get('32')) : 0;
      const fee = feeOf(message, check, price, quantity, scale);
      if (check.problem !== null) return check.quarantine(symbol, atUs);
      const rule = corrects ? 'trade correction' : 'trade bust';
      if (!isFirst(`${rule}\u0000${common.orderId ?? ''}\u0000${execId ?? atUs}\u0000${reference}`))
        return otherRow('copy of a report');
      const { venue, account, orderId } = common;
      const place = { strategy: null, venue, account, symbol, side: side ?? null, orderId };
      const to = corrects ? { price, quantity, ...fee } : null;
      return { kind: 'change', change: { rule, reference, tradeId: execId, ...place, atUs, to } };
    }
    if (check.problem !== null) return check.quarantine(symbol, atUs);

    if (fillTypes.has(kind)) {
      if (side === undefined) check.refuse(`Side (54) is "${message.get('54') ?? ''}", which is neither buy nor sell`);
      check.requiredText('ExecID (17)', execId);
      const { currency, scale } = majorCurrency(message.get('15') ?? null);
      if (scale !== 1) context.warn(`Prices and fees in ${message.get('15')} are read in ${currency}.`);
      const key = `fill\u0000${common.orderId ?? ''}\u0000${execId}`;
      const liquidity = message.get('851') === '1' ? 'maker' : message.get('851') === '2' ? 'taker' : null;
      const fillOf = (price: number, quantity: number): ParsedExecution =>
        execution({
          ...common,
          ...{ side: side ?? 'buy', price, quantity, liquidity, executedAtUs: atUs, tradeId: execId },
          ...feeOf(message, check, price, quantity, scale),
        });
      const filled = check.number('CumQty (14)', message.get('14'));
      const average = check.number('AvgPx (6)', message.get('6'));
      const last = check.number('LastQty (32)', message.get('32'));
      if (filled !== null && average !== null) {
        const totals = progress.get(orderKey) ?? new Map<number, number>();
        progress.set(orderKey, totals.set(filled, average * scale));
      }
      if (last === null || last === 0) {
        context.warn(
          'Some reports of fills do not say what the last fill was (32 is zero), as upstream copies do; a fill counts where a copy says it, and is worked out of the order’s totals where none does.',
        );
        if (check.problem !== null) return check.quarantine(symbol, atUs);
        if (context.growing === true || filled === null || filled <= 0 || average === null)
          return otherRow('report without its last fill');
        const fill = (price: number, quantity: number): RowOutcome => ({
          kind: 'executions',
          executions: [fillOf(price, quantity)],
        });
        return waiting.hold(key, { order: orderKey, key, filled, average: average * scale, fill });
      }
      const price = check.positive('LastPx (31)', message.get('31')) * scale;
      const quantity = check.positive('LastQty (32)', message.get('32'));
      const fill = fillOf(price, quantity);
      if (check.problem !== null) return check.quarantine(symbol, atUs);
      if (!isFirst(key)) return otherRow('copy of a report');
      if (filled !== null) reached.add(`${orderKey}\u0000${filled}`);
      return { kind: 'executions', executions: [fill] };
    }
    const eventKind = events.get(kind);
    if (eventKind === undefined) {
      const name = passed.get(kind);
      if (name !== undefined) return otherRow(name);
      check.refuse(`ExecType (150) is "${kind}", which is unknown`);
      return check.quarantine(symbol, atUs);
    }
    const price = check.number('Price (44)', message.get('44'));
    if (check.problem !== null) return check.quarantine(symbol, atUs);
    if (!isFirst(`${type}\u0000${eventKind}\u0000${order}`)) return otherRow('copy of a report');
    const reason = eventKind === 'submitted' ? null : (message.get('58') ?? null);
    const limit = price !== null && price > 0 ? price : null;
    return {
      kind: 'orderEvents',
      orderEvents: [orderEvent({ ...common, side: side ?? null, kind: eventKind, atUs, price: limit, reason })],
    };
  };
}

/** Times are UTC by the standard; those of the transaction are local in some logs, and then in the zone the user names. */
function timeReader(context: ReadContext, alwaysUtc: boolean): TimeReader {
  const zone = alwaysUtc || context.zone === null ? utcZone : namedZone(context.zone);
  const choice = alwaysUtc ? { zone } : zoneChoice({ ...context, zone: zone.name }, null);
  const reader = patternReader('YYYYMMDD-HH:mm:ss[.S]', choice);
  if (reader === null) throw new Error('the pattern of FIX times has no date');
  return reader;
}

/** Commission (12) by its type (13): 1 a unit, 2 a share of the amount, 3 in all. Positive = paid. `scale` makes pence pounds. */
function feeOf(
  message: FixMessage,
  check: RowCheck,
  price: number,
  quantity: number,
  scale: number,
): Pick<ParsedExecution, 'fee' | 'feeCurrency'> {
  const commission = check.number('Commission (12)', message.get('12'));
  const own = message.get('479');
  const currency = majorCurrency(own ?? message.get('15') ?? null);
  // What is stated as an amount is in its currency; a share is of an amount that is in pounds already.
  const stated = own === undefined ? scale : currency.scale;
  const type = message.get('13') ?? '3';
  const factor = { '1': quantity * stated, '2': price * quantity, '3': stated }[type];
  if (commission !== null && !/^[1-6]$/.test(type))
    check.refuse(`Commission type (13) is ${quoted(type)}, which is unknown`);
  // 4 to 6 (waived, points) do not tell what was paid in money.
  if (commission === null || factor === undefined) return { fee: null, feeCurrency: null };
  return { fee: commission * factor, feeCurrency: currency.currency };
}
