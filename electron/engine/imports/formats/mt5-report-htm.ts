/**
 * MetaTrader 5's reports: of the trade history, and of the Strategy Tester. Deals are the fills; orders tell what was asked for and when;
 * positions say the same again and are summaries. The terminal translates every heading, but not the words of the types, so that a row
 * is known by its shape.
 */
import type { OrderEventKind, Side } from '../../../../shared/market/executions';
import type { Format, ReadContext, RowOutcome } from '../format';
import { isoReader } from '../times';
import { lotSizes, metatraderSymbol, metatraderTime, rowTexts } from './metatrader';
import { titleOf } from './mt4-strategytester-htm';
import { execution, orderEvent, otherRow, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const directions = new Set(['in', 'out', 'in/out', 'out by']);
const dealTypes = new Set(['buy', 'sell']);
const orderType = /^(buy|sell)(?: (?:limit|stop|stop limit))?$/;
const cashTypes = new Set([
  'balance',
  'credit',
  'charge',
  'correction',
  'bonus',
  'commission',
  'interest',
  'dividend',
  'tax',
]);

const endings: ReadonlyMap<string, OrderEventKind> = new Map([
  ['filled', 'submitted'],
  ['partial', 'submitted'],
  ['placed', 'submitted'],
  ['started', 'submitted'],
  ['canceled', 'cancelled'],
  ['cancelled', 'cancelled'],
  ['rejected', 'rejected'],
  ['expired', 'expired'],
]);

const deal =
  '<tr><td>2024.01.15 02:25:01</td><td>501</td><td>EURUSD</td><td>buy</td><td>in</td><td>0.10</td><td>1.10000</td><td>301</td><td>-0.70</td><td>0.00</td><td>0.00</td><td>0.00</td><td>9 999.30</td><td></td></tr>';
const headings =
  '<tr><td>Time</td><td>Deal</td><td>Symbol</td><td>Type</td><td>Direction</td><td>Volume</td><td>Price</td><td>Order</td><td>Commission</td><td>Fee</td><td>Swap</td><td>Profit</td><td>Balance</td><td>Comment</td></tr>';

interface Report {
  readonly id: string;
  readonly title: string;
  readonly pageTitle: RegExp;
  readonly exampleTitle: string;
  readonly impliedSource: 'live' | 'backtest';
}

function reportFormat({ id, title, pageTitle, exampleTitle, impliedSource }: Report): Format {
  return {
    id,
    title,
    describes:
      'Deals are fills with their id and order; orders tell what was asked for, when, and how it ended; positions repeat the deals and are counted, as are deposits. Sizes are lots times the units of a lot. Swap is not a fee and is not read. Times are the broker server’s.',
    kind: 'executions',
    exampleHeader: null,
    exampleRows: [
      `<html><head><title>${exampleTitle}</title></head><body><table>`,
      '<tr><td>2024.01.15 02:25:00</td><td>301</td><td>EURUSD</td><td>buy</td><td>0.10 / 0.00</td><td>market</td><td></td><td></td><td>2024.01.15 02:25:01</td><td>filled</td><td></td></tr>',
      headings,
      deal,
      '<tr><td>2024.01.14 00:00:00</td><td>500</td><td></td><td>balance</td><td></td><td></td><td></td><td></td><td>0.00</td><td>0.00</td><td>0.00</td><td>10 000.00</td><td>10 000.00</td><td></td></tr>',
      '</table></body></html>',
    ],
    reference: {
      otherRows: ['position summary', 'open position', ...cashTypes],
      rows: 'A row is a deal (a fill), or an order and how it ended.',
    },
    impliedSource,
    recognise(sample) {
      if (sample.kind !== 'lines') return null;
      const found = titleOf(sample.lines);
      if (found === null || !pageTitle.test(found)) return null;
      return { confidence: 0.96, reason: `title of a MetaTrader 5 report: ${found.slice(0, 100)}` };
    },
    reader: {
      shape: 'markup',
      dialect: 'html',
      open(context) {
        const read = reportReader(context);
        return (piece) => {
          const cells = rowTexts(piece);
          return cells === null ? null : read(cells);
        };
      },
    },
  };
}

export const mt5HistoryHtm = reportFormat({
  id: 'mt5-history-htm',
  title: 'MetaTrader 5 trade history report',
  pageTitle: /Trade History Report/,
  exampleTitle: '1: Example - Trade History Report',
  impliedSource: 'live',
});

export const mt5StrategytesterHtm = reportFormat({
  id: 'mt5-strategytester-htm',
  title: 'MetaTrader 5 Strategy Tester report',
  // MetaTrader 4 writes `Strategy Tester: NAME`.
  pageTitle: /Strategy Tester Report/,
  exampleTitle: 'Example: Strategy Tester Report',
  impliedSource: 'backtest',
});

/** The same sections as a workbook or a text saved from one; what stands above the first heading (the account) is not read. */
export const mt5HistoryTable: Format = {
  ...mt5HistoryHtm,
  id: 'mt5-history-table',
  title: 'MetaTrader 5 trade history (Excel or CSV)',
  exampleHeader: 'Time,Position,Symbol,Type,Volume,Price,S / L,T / P,Time,Price,Commission,Swap,Profit,',
  exampleRows: [
    '2024.01.15 02:25:01,401,EURUSD,buy,0.1,1.1,,,2024.01.15 03:25:01,1.11,-0.7,0,100,',
    'Orders,,,,,,,,,,,,,',
    'Open Time,Order,Symbol,Type,Volume,Price,S / L,T / P,Time,State,,Comment,,',
    '2024.01.15 02:25:00,301,EURUSD,buy,0.10 / 0.00,market,,,2024.01.15 02:25:01,filled,,,,',
    'Deals,,,,,,,,,,,,,',
    'Time,Deal,Symbol,Type,Direction,Volume,Price,Order,Commission,Fee,Swap,Profit,Balance,Comment',
    '2024.01.15 02:25:01,501,EURUSD,buy,in,0.1,1.1,301,-0.7,0,0,0,9999.3,',
  ],
  reference: {
    otherRows: ['heading', 'position summary', 'open position', ...cashTypes],
    rows: 'A row is a deal (a fill), or an order and how it ended.',
    fees: 'Commission and Fee of the deals: negative is paid; the currency of the account is not told.',
  },
  recognise(sample) {
    if (sample.kind !== 'delimited') return null;
    const first = ['time', 'open time'].includes(sample.header[0] ?? '');
    const second = ['position', 'order', 'deal'].includes(sample.header[1] ?? '');
    if (!first || !second || !['symbol', 'type', 'volume', 'price'].every((name) => sample.header.includes(name)))
      return null;
    const times = sample.rows.flatMap((cells) => cells[0] || []).filter((cell) => /^\d/.test(cell));
    if (times.length > 0 && !times.some((cell) => metatraderTime.test(cell))) return null;
    return { confidence: 0.96, reason: 'sections of a MetaTrader 5 report: positions, orders, deals' };
  },
  reader: {
    shape: 'delimited',
    ragged: true,
    open(_, context) {
      const read = reportReader(context);
      return ({ cells }) => read(cells.map((cell) => cell.trim())) ?? otherRow('heading');
    },
  },
};

function reportReader(context: ReadContext): (cells: readonly string[]) => RowOutcome | null {
  const time = isoReader(zoneChoice(context, null));
  const units = lotSizes(context);
  const check = new RowCheck();
  let account: string | null = null;
  let currency: string | null = null;
  /** Where the deals have their charges: told by their heading, where that is in English. */
  let charges: { readonly commission: number; readonly fee: number; readonly width: number } | null = null;
  let deals = 0;
  let positions = 0;

  context.atEnd(() => {
    if (deals === 0 && positions > 0)
      context.warn(
        'The report has positions, but not the deals they were made of, which are what is read: save it with all its sections.',
      );
  });

  const dealOf = (cells: readonly string[]): RowOutcome => {
    const [when, id, name = '', type = '', , lots, priceText, order] = cells;
    const atUs = check.requiredTime('Time', when, time);
    const symbol = metatraderSymbol(check.requiredText('Symbol', name));
    const price = check.positive('Price', priceText);
    const size = check.positive('Volume', lots);
    // With a column for further fees there are fourteen, without it thirteen.
    const at = charges ?? { commission: 8, fee: cells.length >= 14 ? 9 : -1, width: cells.length };
    if (cells.length > at.width && cells.slice(at.width).some((cell) => cell !== ''))
      check.refuse(`the deal has ${cells.length} cells where its heading has ${at.width}`);
    const commission = check.number('Commission', cells[at.commission]);
    const further = check.number('Fee', cells[at.fee]);
    const fee = commission === null && further === null ? null : 0 - (commission ?? 0) - (further ?? 0);
    if (check.problem !== null) return check.quarantine(symbol, atUs);
    const fill = execution({
      ...{ account, symbol, side: type === 'sell' ? 'sell' : 'buy', price, quantity: size * units(symbol) },
      ...{ fee, feeCurrency: fee === null ? null : currency, executedAtUs: atUs },
      ...{ tradeId: check.requiredText('Deal', id), orderId: check.text('Order', order) },
    });
    if (check.problem !== null) return check.quarantine(symbol, atUs);
    deals++;
    return { kind: 'executions', executions: [fill] };
  };

  const orderOf = (cells: readonly string[]): RowOutcome => {
    const [opened, id, name = '', type = '', volume = '', priceText = '', , , done] = cells;
    const state = cells
      .slice(9)
      .find((cell) => endings.has(cell.toLowerCase()))
      ?.toLowerCase();
    const openedAtUs = check.requiredTime('Open Time', opened, time);
    const symbol = metatraderSymbol(check.requiredText('Symbol', name));
    const size = check.positive('Volume', volume.split('/')[0]);
    const price = /^(?:market|)$/i.test(priceText) ? null : check.optionalPositive('Price', priceText);
    const kind = endings.get(state ?? '');
    if (kind === undefined) check.refuse(`State is ${quoted(cells[9])}, which is unknown`);
    const atUs = kind === 'submitted' ? openedAtUs : check.requiredTime('Time', done, time);
    const side: Side = type.startsWith('buy') ? 'buy' : 'sell';
    if (check.problem !== null || kind === undefined) return check.quarantine(symbol, openedAtUs);
    const event = orderEvent({
      ...{ account, symbol, side, kind, atUs, price, orderId: check.text('Order', id) },
      ...{ intendedQuantity: size * units(symbol), reason: kind === 'submitted' ? null : cells[10] || null },
    });
    return { kind: 'orderEvents', orderEvents: [event] };
  };

  return (cells) => {
    const names = cells.map((cell) => cell.toLowerCase());
    if (names.includes('deal') && names.includes('commission'))
      charges = { commission: names.indexOf('commission'), fee: names.indexOf('fee'), width: names.length };
    for (const cell of cells) {
      const [, number, money] = /^(\d+)(?:\s*\(([A-Z]{3})\b.*\))?$/.exec(cell) ?? [];
      if (money !== undefined) [account, currency] = [number ?? null, money];
    }
    if (cells.length === 2 || !metatraderTime.test(cells[0] ?? '') || !/^\d+$/.test(cells[1] ?? '')) {
      const named = cells.findIndex((cell) => /^Currency:?$/.test(cell));
      if (named !== -1)
        currency = /^[A-Z]{3}$/.exec(cells.slice(named + 1).find((cell) => cell !== '') ?? '')?.[0] ?? currency;
      return null;
    }
    check.reset();
    const [, , , type = '', next = ''] = names;
    if (dealTypes.has(type) && directions.has(next)) return dealOf(cells);
    if (cashTypes.has(type)) return otherRow(type);
    if (orderType.test(type) && /^[\d. ]+(?:\/[\d. ]+)$/.test(next)) return orderOf(cells);
    // A position: opened and closed in one row.
    if (dealTypes.has(type) && metatraderTime.test(cells[8] ?? '')) {
      positions++;
      return otherRow('position summary');
    }
    // What is still open when the report is made: the same shape without the closing, and orders that wait.
    if (dealTypes.has(type) && cells.length >= 9) return otherRow('open position');
    return {
      kind: 'quarantine',
      reason: `the row is neither a deal, an order nor a position: its type is ${quoted(cells[3])}`,
    };
  };
}
