/**
 * Bitstamp's transactions: lines of type Market are fills. Until 2024 every amount carries its coin and times are English and to the
 * minute; since then the coins have columns of their own, with ids and ISO times.
 */
import type { Format, RowOutcome } from '../format';
import { isoReader, patternReader, utcZone } from '../times';
import { amountCheck } from './columns';
import { columnIndex, hasColumns, normaliseHeader } from './header';
import { execution, otherRow, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const columnsV1 = ['type', 'datetime', 'account', 'amount', 'value', 'rate', 'fee', 'sub type'];
const columnsV2 = ['type', 'subtype', 'datetime', 'amount', 'amount currency', 'value', 'value currency'];
columnsV2.push('rate', 'rate currency', 'fee', 'fee currency');

/** What a line is that is no trade; null = a trade, or a line that claims a side and so must not be passed over. */
function otherType(type: string, side: string | undefined): RowOutcome | null {
  const sided = /^(?:buy|sell)$/i.test(side?.trim() ?? '');
  return type === '' || type === 'market' || sided ? null : otherRow(type);
}

export const bitstampTransactionsV1: Format = {
  id: 'bitstamp-transactions-v1',
  title: 'Bitstamp transactions (until 2024)',
  describes:
    'Lines of type Market are fills, to the minute, so that their order within a minute is lost; others are counted by type. The file has no ids and does not tell maker from taker.',
  kind: 'executions',
  exampleHeader: 'Type,Datetime,Account,Amount,Value,Rate,Fee,Sub Type',
  exampleRows: [
    'Market,"Feb. 3, 2020, 04:05 PM",Main Account,0.5 ETH,100 USD,200 USD,0.25 USD,Sell',
    'Deposit,"Feb. 2, 2020, 01:05 PM",Main Account,5 BTC,,,,',
  ],
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, columnsV1)) return null;
    return { confidence: 0.99, reason: "header of Bitstamp's transactions with Sub Type" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context) {
      const header = normaliseHeader(rawHeader);
      const [type, datetime, account, amount, value, rate, fee, side] = columnsV1.map((name) =>
        columnIndex(header, name),
      ) as [number, number, number, number, number, number, number, number]; // one index for each name
      const choice = zoneChoice(context, utcZone);
      const time = patternReader('MMM D, YYYY, h:mm A', choice) ?? isoReader(choice);
      const check = new RowCheck();
      const checkValue = amountCheck(context, 'Value');
      return ({ cells, line }) => {
        check.reset();
        const word = check.requiredText('Type', cells[type]).toLowerCase();
        const other = otherType(word, cells[side]);
        if (other !== null) return other;
        if (word !== 'market') check.refuse(`Type is ${quoted(cells[type])}, but a line with a side must be Market`);
        const [quantity, worth] = [
          check.amountWithUnit('Amount', cells[amount], []),
          check.amountWithUnit('Value', cells[value], []),
        ];
        const price = check.amountWithUnit('Rate', cells[rate], []);
        const paid = check.amountWithUnit('Fee', cells[fee], []);
        const executedAtUs = check.requiredTime('Datetime', cells[datetime], time);
        if (quantity === null || !(quantity.value > 0))
          check.refuse(`Amount is ${quoted(cells[amount])}, but must be above zero`);
        if (price === null || !(price.value > 0))
          check.refuse(`Rate is ${quoted(cells[rate])}, but must be above zero`);
        if (price?.unit !== worth?.unit) check.refuse(`Rate is in ${price?.unit} but Value in ${worth?.unit}`);
        const symbol = quantity === null || price === null ? null : `${quantity.unit}/${price.unit}`;
        const bought = check.side('Sub Type', cells[side]);
        if (check.problem !== null || quantity === null || price === null || symbol === null) {
          return check.quarantine(symbol, executedAtUs);
        }
        checkValue(price.value, quantity.value, worth?.value ?? null, line);
        const fill = execution({
          venue: 'bitstamp',
          account: check.text('Account', cells[account]),
          symbol,
          side: bought,
          price: price.value,
          quantity: quantity.value,
          fee: paid?.value ?? null,
          feeCurrency: paid?.unit ?? null,
          executedAtUs,
        });
        return { kind: 'executions', executions: [fill] };
      };
    },
  },
};

export const bitstampTransactionsV2: Format = {
  id: 'bitstamp-transactions-v2',
  title: 'Bitstamp transactions',
  describes:
    'Lines of type Market are fills with transaction and order id; others are counted by type. The file does not tell maker from taker.',
  kind: 'executions',
  exampleHeader:
    'ID,Account,Type,Subtype,Datetime,Amount,Amount currency,Value,Value currency,Rate,Rate currency,Fee,Fee currency,Order ID',
  exampleRows: [
    '7,Main Account,Market,Buy,2025-02-03T04:05:06Z,0.5,ETH,100,EUR,200,EUR,0.25,EUR,8',
    '9,Main Account,Withdrawal,,2025-02-03T04:05:06Z,1,XLM,,,,,0.1,XLM,',
  ],
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, columnsV2)) return null;
    return { confidence: 0.99, reason: "header of Bitstamp's transactions with Amount currency and Rate currency" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context) {
      const header = normaliseHeader(rawHeader);
      const at = (name: string): number => columnIndex(header, name);
      const [id, account, type, side, datetime] = [at('id'), at('account'), at('type'), at('subtype'), at('datetime')];
      const [amount, base, value, valueCurrency] = [
        at('amount'),
        at('amount currency'),
        at('value'),
        at('value currency'),
      ];
      const [rate, quote, fee, feeCurrency] = [at('rate'), at('rate currency'), at('fee'), at('fee currency')];
      const orderId = at('order id');
      const iso = isoReader(zoneChoice(context, utcZone));
      const check = new RowCheck();
      const checkValue = amountCheck(context, 'Value');
      return ({ cells, line }) => {
        check.reset();
        const word = check.requiredText('Type', cells[type]).toLowerCase();
        const other = otherType(word, cells[side]);
        if (other !== null) return other;
        if (word !== 'market') check.refuse(`Type is ${quoted(cells[type])}, but a line with a side must be Market`);
        const coin = check.requiredText('Amount currency', cells[base]).toUpperCase();
        const money = check.requiredText('Rate currency', cells[quote]).toUpperCase();
        const worthIn = check.requiredText('Value currency', cells[valueCurrency]).toUpperCase();
        if (money !== worthIn) check.refuse(`Rate is in ${quoted(money)} but Value in ${quoted(worthIn)}`);
        const fill = execution({
          venue: 'bitstamp',
          account: check.text('Account', cells[account]),
          symbol: `${coin}/${money}`,
          side: check.side('Subtype', cells[side]),
          price: check.positive('Rate', cells[rate]),
          quantity: check.positive('Amount', cells[amount]),
          fee: check.number('Fee', cells[fee]),
          feeCurrency: check.text('Fee currency', cells[feeCurrency])?.toUpperCase() ?? null,
          executedAtUs: check.requiredTime('Datetime', cells[datetime], iso),
          tradeId: check.text('ID', cells[id]),
          orderId: check.text('Order ID', cells[orderId]),
        });
        const stated = check.number('Value', cells[value]);
        if (check.problem !== null) return check.quarantine(fill.symbol, fill.executedAtUs);
        checkValue(fill.price, fill.quantity, stated, line);
        return { kind: 'executions', executions: [fill] };
      };
    },
  },
};
