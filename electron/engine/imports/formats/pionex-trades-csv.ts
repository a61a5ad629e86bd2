/** Pionex's trades as received and sent amounts, one fill a line; which of the two assets is the quote says whether it was bought or sold. */
import type { Format } from '../format';
import { columnTimeReader } from './columns';
import { columnIndex, hasColumns, normaliseHeader } from './header';
import { namedPair, tradeOf } from './legs';
import { execution, otherRow, RowCheck } from './row';
import { zoneChoice } from './zones';

const needed = ['date', 'received quantity', 'received currency', 'sent quantity', 'sent currency', 'fee amount'];
needed.push('fee currency');

export const pionexTradesCsv: Format = {
  id: 'pionex-trades-csv',
  title: 'Pionex trades',
  describes:
    'Lines that received one asset and sent another are fills, their price worked out of the two amounts; lines with one side only are counted as deposits and withdrawals. No ids, no maker or taker; times are to the minute and do not state their zone.',
  kind: 'executions',
  exampleHeader: 'Date,Received Quantity,Received Currency,Sent Quantity,Sent Currency,Fee Amount,Fee Currency,Tag',
  exampleRows: ['2/27/2022 12:09,0.5,ETH,1000,BUSD,0.0005,ETH,', '2/27/2022 12:00,5,ETH,,,,,'],
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, needed)) return null;
    return {
      confidence: 0.95,
      reason: 'header of received and sent amounts as Pionex exports it and CoinTracker takes it',
    };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context, sample) {
      const header = normaliseHeader(rawHeader);
      const [date, gained, gainedAsset, spent, spentAsset, fee, feeAsset] = needed.map((name) =>
        columnIndex(header, name),
      ) as [number, number, number, number, number, number, number]; // one index for each name
      const time = columnTimeReader('Date', date, sample, zoneChoice(context, null));
      const named = namedPair(context);
      const check = new RowCheck();
      return ({ cells }) => {
        check.reset();
        const executedAtUs = check.requiredTime('Date', cells[date], time);
        const received = check.number('Received Quantity', cells[gained]);
        const sent = check.number('Sent Quantity', cells[spent]);
        if (check.problem === null && (received === null) !== (sent === null)) {
          return otherRow(sent === null ? 'deposit' : 'withdrawal');
        }
        const gain = {
          asset: assetOf(check, 'Received', cells[gainedAsset]),
          amount: check.positive('Received Quantity', cells[gained]),
        };
        const cost = {
          asset: assetOf(check, 'Sent', cells[spentAsset]),
          amount: check.positive('Sent Quantity', cells[spent]),
        };
        const paid = check.number('Fee Amount', cells[fee]);
        const unit = check.text('Fee Currency', cells[feeAsset])?.toUpperCase() ?? null;
        const trade = check.problem === null ? tradeOf(gain, cost, named) : '';
        if (typeof trade === 'string') {
          check.refuse(trade);
          return check.quarantine(null, executedAtUs);
        }
        const fill = execution({
          ...{ ...trade, fee: paid, feeCurrency: paid === null ? null : unit, executedAtUs },
        });
        return { kind: 'executions', executions: [fill] };
      };
    },
  },
};

function assetOf(check: RowCheck, name: string, raw: string | undefined): string {
  return check.requiredText(`${name} Currency`, raw).toUpperCase();
}
