/**
 * MetaTrader 4's account statement: closed positions with both their prices, open ones with one, and orders that wait. Two columns are
 * called Price, so that cells are read by their place.
 */
import type { Side } from '../../../../shared/market/executions';
import type { Format, MarkupPiece, ReadContext, RowOutcome } from '../format';
import { isoReader } from '../times';
import { lotSizes, metatraderSymbol, metatraderTime, rowTexts } from './metatrader';
import { titleOf } from './mt4-strategytester-htm';
import { execution, orderEvent, otherRow, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const pending = /^(buy|sell) (?:limit|stop)$/;

export const mt4StatementHtm: Format = {
  id: 'mt4-statement-htm',
  title: 'MetaTrader 4 account statement',
  describes:
    'A closed position is its opening and its closing fill, an open one its opening; orders that wait or were cancelled are order events; deposits and comments are counted. The commission of a position is charged to its opening. Swap is not a fee and is not read. Times are the broker server’s.',
  kind: 'executions',
  exampleHeader: null,
  exampleRows: [
    '<html><head><title>Statement: 1 - Example</title></head><body><table>',
    '<tr><td colspan=2>Account: 1</td><td colspan=5>Name: Example</td><td colspan=2>Currency: USD</td><td colspan=3>2024 January 31, 23:59</td></tr>',
    '<tr><td colspan=13>Closed Transactions:</td></tr>',
    '<tr><td>Ticket</td><td>Open Time</td><td>Type</td><td>Size</td><td>Item</td><td>Price</td><td>S / L</td><td>T / P</td><td>Close Time</td><td>Price</td><td>Commission</td><td>Taxes</td><td>Swap</td><td>Profit</td></tr>',
    '<tr><td>101</td><td>2024.01.15 02:25:01</td><td>buy</td><td>0.10</td><td>eurusd</td><td>1.10000</td><td>0.00000</td><td>0.00000</td><td>2024.01.15 03:25:01</td><td>1.11000</td><td>-0.70</td><td>0.00</td><td>0.00</td><td>100.00</td></tr>',
    '<tr><td>100</td><td>2024.01.14 00:00:00</td><td>balance</td><td colspan=10>Deposit</td><td>10 000.00</td></tr>',
    '</table></body></html>',
  ],
  reference: {
    otherRows: ['balance', 'credit', 'comment', 'total'],
    rows: 'A row is a position with its opening and closing fill, or an order that was not filled.',
    fees: 'Commission and Taxes: negative is paid; in the currency of the account, which the head of the statement names.',
  },
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'lines') return null;
    const title = titleOf(sample.lines);
    if (title === null || !/^Statement\b/.test(title)) return null;
    const text = sample.lines.join('\n');
    if (!/Closed Transactions:|MetaQuotes|Open Trades:/i.test(text)) return null;
    return { confidence: 0.97, reason: "title and tables of MetaTrader 4's account statement" };
  },
  reader: { shape: 'markup', dialect: 'html', open: (context) => statementReader(context) },
};

function statementReader(context: ReadContext): (piece: MarkupPiece) => RowOutcome | null {
  const time = isoReader(zoneChoice(context, null));
  const units = lotSizes(context);
  const check = new RowCheck();
  let account: string | null = null;
  let currency: string | null = null;
  /** Whether the table numbers its rows before the ticket. */
  let shift = 0;

  return (piece) => {
    const row = rowTexts(piece);
    if (row === null) return null;
    const names = row.map((cell) => cell.toLowerCase());
    if (names.includes('ticket')) {
      shift = names.indexOf('ticket');
      return null;
    }
    for (const cell of row) {
      account = /^(?:Account|A\/C No): *(\S+)/.exec(cell)?.[1] ?? account;
      currency = /^Currency: *([A-Z]{3})\b/.exec(cell)?.[1] ?? currency;
    }
    const cells = row.slice(shift);
    const [ticket = '', opened = '', type = '', lots, item, price] = cells;
    if (!/^\d+$/.test(ticket)) {
      // What follows a position in a row of its own is its comment and the number of the program that made it.
      return ticket === '' && cells.length > 2 && cells.some((cell) => /^[#\w[]/.test(cell)) && opened === ''
        ? otherRow('comment')
        : null;
    }
    check.reset();
    const word = type.toLowerCase();
    if (word === 'balance' || word === 'credit') return otherRow(word);
    const atUs = check.requiredTime('Open Time', opened, time);
    const waiting = pending.exec(word)?.[1];
    if (waiting === undefined && word !== 'buy' && word !== 'sell')
      check.refuse(`Type is ${quoted(type)}, which is unknown`);
    const symbol = metatraderSymbol(check.requiredText('Item', item));
    const size = check.positive('Size', lots?.split('/')[0]);
    const begun = check.positive('Price', price);
    if (check.problem !== null) return check.quarantine(symbol, atUs);
    const quantity = size * units(symbol);
    const side: Side = word.startsWith('buy') ? 'buy' : 'sell';
    const common = { account, symbol, orderId: ticket };
    const ended = cells[8] ?? '';

    if (waiting !== undefined) {
      const isEnded = metatraderTime.test(ended);
      const kind = isEnded ? 'cancelled' : 'submitted';
      const endedAtUs = isEnded ? check.requiredTime('Close Time', ended, time) : atUs;
      const event = orderEvent({ ...common, side, kind, atUs: endedAtUs, price: begun, intendedQuantity: quantity });
      return check.problem === null ? { kind: 'orderEvents', orderEvents: [event] } : check.quarantine(symbol, atUs);
    }
    const [commission, taxes] = [check.number('Commission', cells[10]), check.number('Taxes', cells[11])];
    const fee = commission === null ? null : 0 - commission - (taxes ?? 0);
    const opening = execution({
      ...{ ...common, side, price: begun, quantity, executedAtUs: atUs, tradeId: ticket },
      ...{ fee, feeCurrency: fee === null ? null : currency },
    });
    if (ended === '') {
      return check.problem === null ? { kind: 'executions', executions: [opening] } : check.quarantine(symbol, atUs);
    }
    const closing = execution({
      ...{ ...common, orderId: `${ticket} close`, side: side === 'buy' ? 'sell' : 'buy', quantity, tradeId: ticket },
      price: check.positive('Price (closing)', cells[9]),
      executedAtUs: check.requiredTime('Close Time', ended, time),
      // Charged to the opening.
      ...{ fee: fee === null ? null : 0, feeCurrency: fee === null ? null : currency },
    });
    return check.problem === null
      ? { kind: 'executions', executions: [opening, closing] }
      : check.quarantine(symbol, atUs);
  };
}
