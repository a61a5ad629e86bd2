/** EveryTrade's own layout, which gathers the trades of many venues: one fill a line, its fee in the quote unless a column says otherwise. */
import { pairOfSymbol, symbolOf } from '../../../../shared/market/symbols';
import type { Format } from '../format';
import { decimalMarkOf } from '../numbers';
import { columnTimeReader } from './columns';
import { columnIndex, hasColumns, normaliseHeader } from './header';
import { cachedSymbols, execution, otherRow, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const needed = ['uid', 'date', 'symbol', 'action', 'price', 'fee'];
/** Misspelt in the layout itself. */
const quantityNames = ['quanty', 'quantity'];
const otherActions =
  /^(?:deposit|withdrawal|fee|rebate|unrelated.?fee|stake|unstake|staking.?reward|airdrop|earning|reward|fork|incoming.?payment|outgoing.?payment|unknown)$/;

export const everytradeCsv: Format = {
  id: 'everytrade-csv',
  title: 'EveryTrade',
  describes:
    'Lines whose action is BUY or SELL are fills, a rebate in the coin of the fee taken off it; deposits, withdrawals and rewards are counted. The venue is not told, no order ids, no maker or taker; the zone of the times is not stated.',
  kind: 'executions',
  exampleHeader: 'UID;DATE;SYMBOL;ACTION;QUANTY;PRICE;FEE;FEE_CURRENCY;REBATE;REBATE_CURRENCY',
  exampleRows: [
    'u1;2021-02-03 04:05:06;ETH/EUR;BUY;0.5;2000;0.002;ETH;0.0005;ETH',
    'u2;2021-02-03 05:00:00;ETH/EUR;DEPOSIT;1;;;;;',
  ],
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, needed)) return null;
    if (!quantityNames.some((name) => sample.header.includes(name))) return null;
    return { confidence: 0.95, reason: "header of EveryTrade's own layout with UID, ACTION and QUANTY" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context, sample) {
      const header = normaliseHeader(rawHeader);
      const [uid, date, symbolAt, action, price, fee] = needed.map((name) => columnIndex(header, name)) as [
        ...[number, number, number, number, number, number], // one index for each name
      ];
      const quantity = columnIndex(header, ...quantityNames);
      const [feeCurrency, rebate] = [columnIndex(header, 'fee_currency'), columnIndex(header, 'rebate')];
      const rebateCurrency = columnIndex(header, 'rebate_currency');
      const time = columnTimeReader('DATE', date, sample, zoneChoice(context, null));
      const check = new RowCheck(decimalMarkOf(sample));
      const symbolOfName = cachedSymbols(symbolOf);
      return ({ cells }) => {
        check.reset();
        const word = check.requiredText('ACTION', cells[action]).toLowerCase();
        if (otherActions.test(word)) return otherRow(word.replaceAll('_', ' '));
        const symbol = symbolOfName(check.requiredText('SYMBOL', cells[symbolAt]));
        const quote = pairOfSymbol(symbol)?.quote ?? null;
        const [charged, returned] = [check.number('FEE', cells[fee]), check.number('REBATE', cells[rebate])];
        const feeUnit = check.text('FEE_CURRENCY', cells[feeCurrency])?.toUpperCase() ?? quote;
        const rebateUnit = check.text('REBATE_CURRENCY', cells[rebateCurrency])?.toUpperCase() ?? quote;
        if (charged && returned && feeUnit !== rebateUnit) {
          check.refuse(
            `REBATE is ${quoted(cells[rebate])} in ${rebateUnit} (REBATE_CURRENCY), but the fee is in ${feeUnit} (FEE_CURRENCY)`,
          );
        }
        const paid = charged === null && returned === null ? null : (charged ?? 0) - (returned ?? 0);
        const fill = execution({
          symbol,
          side: check.side('ACTION', cells[action]),
          price: check.positive('PRICE', cells[price]),
          quantity: check.positive('QUANTY', cells[quantity]),
          fee: paid,
          feeCurrency: paid === null ? null : returned && !charged ? rebateUnit : feeUnit,
          executedAtUs: check.requiredTime('DATE', cells[date], time),
          tradeId: check.text('UID', cells[uid]),
        });
        return check.problem === null
          ? { kind: 'executions', executions: [fill] }
          : check.quarantine(symbol, fill.executedAtUs);
      };
    },
  },
};
