/** bitFlyer's trades: one fill a line with its order id, deposits between them. Amounts are signed, the fee is in the first currency. */
import type { Format } from '../format';
import { decimalMarkOf } from '../numbers';
import { isoReader } from '../times';
import { amountCheck } from './columns';
import { columnIndex, hasColumns, normaliseHeader } from './header';
import { execution, otherRow, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const needed = ['trade date', 'trade type', 'traded price', 'currency 1', 'amount (currency 1)', 'fee'];
needed.push('currency 2', 'amount (currency 2)', 'order id');
const otherTypes =
  /^(?:deposit|withdrawal|withdraw|fee|receive|received|send|sent|transfer|cancel.*|.*bonus|.*reward|external.*|payment)$/;

export const bitflyerTradesCsv: Format = {
  id: 'bitflyer-trades-csv',
  title: 'bitFlyer trades',
  describes:
    'Lines of type Buy and Sell are fills with order id, their fee in the first currency; deposits and withdrawals are counted. No trade ids, no maker or taker; the zone of the times is not stated.',
  kind: 'executions',
  exampleHeader:
    'Trade Date;Product;Trade Type;Traded Price;Currency 1;Amount (Currency 1);Fee;USD Rate (Currency);Currency 2;Amount (Currency 2);Order ID;Details',
  exampleRows: [
    '2020/02/03 04:05:06;ETH/USD;Buy;200;ETH;0.5;-0.001;200;USD;-100;b1;',
    '2020/02/03 03:00:00;ETH;Deposit;0;ETH;2;0;200;;0;d1;',
  ],
  reference: { fees: 'Fee: paid whatever its sign, for there are no rebates; in Currency 1.' },
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, needed)) return null;
    return { confidence: 0.99, reason: "header of bitFlyer's trades with Amount (Currency 1)" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context, sample) {
      const header = normaliseHeader(rawHeader);
      const [date, type, price, base, amount, fee, quote, worth, order] = needed.map((name) =>
        columnIndex(header, name),
      ) as [number, number, number, number, number, number, number, number, number]; // one index for each name
      const iso = isoReader(zoneChoice(context, null));
      const check = new RowCheck(decimalMarkOf(sample));
      const checkWorth = amountCheck(context, 'Amount (Currency 2)');
      return ({ cells, line }) => {
        check.reset();
        const word = check.requiredText('Trade Type', cells[type]).toLowerCase();
        if (otherTypes.test(word)) return otherRow(word);
        const side = check.side('Trade Type', cells[type]);
        const [coin, money] = [
          check.requiredText('Currency 1', cells[base]),
          check.requiredText('Currency 2', cells[quote]),
        ];
        const signed = check.requiredNumber('Amount (Currency 1)', cells[amount]);
        if (signed === 0 || signed > 0 !== (side === 'buy')) {
          check.refuse(
            `Amount (Currency 1) is ${quoted(cells[amount])}, but must be ${side === 'buy' ? 'above' : 'below'} zero to ${side}`,
          );
        }
        const paid = check.number('Fee', cells[fee]);
        const stated = check.number('Amount (Currency 2)', cells[worth]);
        const fill = execution({
          venue: 'bitflyer',
          symbol: `${coin}/${money}`.toUpperCase(),
          side,
          price: check.positive('Traded Price', cells[price]),
          quantity: Math.abs(signed),
          // bitFlyer pays no rebates; its exports write fees with either sign.
          fee: paid === null ? null : Math.abs(paid),
          feeCurrency: paid === null ? null : coin.toUpperCase(),
          executedAtUs: check.requiredTime('Trade Date', cells[date], iso),
          orderId: check.text('Order ID', cells[order]),
        });
        if (check.problem !== null) return check.quarantine(fill.symbol, fill.executedAtUs);
        checkWorth(fill.price, fill.quantity, stated, line);
        return { kind: 'executions', executions: [fill] };
      };
    },
  },
};
