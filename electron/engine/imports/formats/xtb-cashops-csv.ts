/** XTB's cash operations: a trade of shares is told in the comment, `OPEN BUY 34/42.5 @ 11.74` = 34 units of an order of 42.5. */
import type { Side } from '../../../../shared/market/executions';
import type { Format } from '../format';
import { patternReader } from '../times';
import { columnIndex } from './header';
import { execution, otherRow, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const columns = ['id', 'type', 'time', 'symbol', 'comment', 'amount'];
const trade = /^(OPEN|CLOSE) (BUY|SELL) (\d+(?:\.\d+)?)(?:\/(\d+(?:\.\d+)?))? @ (\d+(?:\.\d+)?)$/i;

const otherTypes = new Set([
  ...['deposit', 'withdrawal', 'transfer', 'subaccount transfer', 'dividend', 'withholding tax', 'swap', 'spin off'],
  ...['free funds interests', 'free funds interests tax', 'free-funds interest', 'free-funds interest tax'],
  ...[
    'profit/loss (fx/cfd)',
    'profit/loss',
    'commission',
    'rollover',
    'sec fee',
    'stamp duty',
    'tax iftt',
    'dividend equivalent',
  ],
]);

export const xtbCashopsCsv: Format = {
  id: 'xtb-cashops-csv',
  title: 'XTB cash operations',
  describes:
    'Operations whose comment tells a trade of shares are fills, with what the order asked for; deposits, dividends, taxes and swaps are counted. The profit of a CFD position tells no price, so that CFD trades are not in such a file. No fees.',
  kind: 'executions',
  exampleHeader: 'ID;Type;Time;Symbol;Comment;Amount',
  exampleRows: [
    '101;Stocks/ETF purchase;13.04.2024 13:01:45;XYZ.DE;OPEN BUY 34/42.5 @ 11.7480;-399.43',
    '102;Stocks/ETF sale;13.04.2024 14:01:45;XYZ.DE;CLOSE BUY 34 @ 11.7500;399.50',
    '103;Deposit;13.04.2024 13:00:22;;transfer;500',
  ],
  reference: { otherRows: [...otherTypes] },
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || sample.header.length !== columns.length) return null;
    if (columns.some((name, index) => sample.header[index] !== name)) return null;
    return { confidence: 0.95, reason: "the six columns of XTB's cash operations" };
  },
  reader: {
    shape: 'delimited',
    open(header, context) {
      const at = (name: string): number => columnIndex(header, name);
      const [id, type, time, symbolAt, comment, amountAt] = columns.map(at) as [
        number,
        number,
        number,
        number,
        number,
        number,
      ]; // one index a column
      const when = patternReader('DD.MM.YYYY HH:mm:ss', zoneChoice(context, null));
      if (when === null) throw new Error('the pattern of the time has no date');
      const check = new RowCheck();
      return ({ cells }) => {
        check.reset();
        const told = trade.exec(cells[comment]?.trim() ?? '');
        const word = check.requiredText('Type', cells[type]).toLowerCase();
        if (told === null) {
          if (word.startsWith('profit/loss'))
            context.warn(
              'The profit of CFD positions is in the file, but neither price nor quantity: those trades cannot be read from cash operations.',
            );
          if (otherTypes.has(word)) return otherRow(word);
          check.refuse(`Type is ${quoted(cells[type])}, which is unknown, and the comment tells no trade`);
          return check.quarantine();
        }
        const [, begins, direction, quantity, ordered, price] = told;
        const isBuy = (begins!.toUpperCase() === 'OPEN') === (direction!.toUpperCase() === 'BUY');
        const side: Side = isBuy ? 'buy' : 'sell';
        const symbol = check.requiredText('Symbol', cells[symbolAt]);
        const executedAtUs = check.requiredTime('Time', cells[time], when);
        const amount = check.requiredNumber('Amount', cells[amountAt]);
        if (amount > 0 === isBuy)
          check.refuse(`Amount is ${quoted(cells[amountAt])}, which is not what a ${side} does`);
        const fill = execution({
          ...{ venue: 'xtb', symbol, side, executedAtUs },
          price: check.positive('the price in Comment', price),
          quantity: check.positive('the quantity in Comment', quantity),
          intendedQuantity: check.optionalPositive('the order in Comment', ordered),
          tradeId: check.requiredText('ID', cells[id]),
        });
        return check.problem === null
          ? { kind: 'executions', executions: [fill] }
          : check.quarantine(symbol, executedAtUs);
      };
    },
  },
};
