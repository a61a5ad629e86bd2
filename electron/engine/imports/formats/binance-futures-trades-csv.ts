/** Binance futures trade history: one fill a line, in the zone of the user's account; newer exports have trade and order ids. */
import { symbolOf } from '../../../../shared/market/symbols';
import type { Format } from '../format';
import { decimalMarkOf, parseAmountWithUnit } from '../numbers';
import { utcZone } from '../times';
import { shortYearReader } from './columns';
import { columnIndex, hasColumns, normaliseHeader } from './header';
import { cachedSymbols, execution, otherRow, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const needed = ['symbol', 'side', 'price', 'quantity', 'amount', 'fee', 'realized profit'];

const makerWords: ReadonlyMap<string, 'maker' | 'taker'> = new Map([
  ...['true', 'y', 'yes'].map((word): [string, 'maker'] => [word, 'maker']),
  ...['false', 'n', 'no'].map((word): [string, 'taker'] => [word, 'taker']),
]);

export const binanceFuturesTradesCsv: Format = {
  id: 'binance-futures-trades-csv',
  title: 'Binance futures trade history',
  describes:
    'Every line is a fill; realised profit is not read. Exports without a coin behind the fee and without Quote Asset do not say its currency, older ones have no ids and do not tell maker from taker. Lines counted in contracts go to quarantine.',
  kind: 'executions',
  exampleHeader: 'Uid,Time,Symbol,Side,Price,Quantity,Amount,Fee,Realized Profit,Buyer,Maker,Trade ID,Order ID',
  exampleRows: [
    '7,26-02-03 04:05:06,ETHUSDC,SELL,2500,0.2,500,0.25 USDC,1.5,false,true,11,22',
    'No data matches the criteria.',
  ],
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, needed)) return null;
    if (!sample.header.some((name) => name === 'time' || name === 'date(utc)')) return null;
    return { confidence: 0.99, reason: "header of Binance's futures trade history with Realized Profit" };
  },
  reader: {
    shape: 'delimited',
    // An export without trades holds one line of one cell.
    ragged: true,
    open(rawHeader, context, sample) {
      const header = normaliseHeader(rawHeader);
      const at = (name: string): number => columnIndex(header, name);
      const time = columnIndex(header, 'time', 'date(utc)');
      const [symbolAt, side, price, quantity] = [at('symbol'), at('side'), at('price'), at('quantity')];
      const [amount, fee, feeAsset, maker] = [at('amount'), at('fee'), at('quote asset'), at('maker')];
      const [tradeId, orderId] = [
        columnIndex(header, 'trade id', 'tradeid'),
        columnIndex(header, 'order id', 'orderid'),
      ];
      const reader = shortYearReader(zoneChoice(context, header[time] === 'date(utc)' ? utcZone : null));
      const check = new RowCheck(decimalMarkOf(sample));
      // A dated or coin-margined contract (`BTCUSDT_260327`, `BTCUSD_PERP`) keeps its own name.
      const symbolOfContract = cachedSymbols((name) => (name.includes('_') ? name : symbolOf(name)));
      return ({ cells }) => {
        if (/^no data\b/i.test(cells[0]!.trim())) return otherRow('no data');
        check.reset();
        if (cells.length < header.length || cells.slice(header.length).some((cell) => cell.trim() !== '')) {
          check.refuse(`the row has ${cells.length} cells where the header has ${header.length}`);
          return check.quarantine();
        }
        const executedAtUs = check.requiredTime('Time', cells[time], reader);
        const symbol = symbolOfContract(check.requiredText('Symbol', cells[symbolAt]));
        const feeText = cells[fee]?.trim() ?? '';
        const withUnit = parseAmountWithUnit(feeText, [], check.decimalMark);
        const plainFee = withUnit === null ? check.number('Fee', feeText) : null;
        const makerWord = check.text('Maker', cells[maker])?.toLowerCase() ?? null;
        const liquidity = makerWord === null ? null : makerWords.get(makerWord);
        if (liquidity === undefined) check.refuse(`Maker is ${quoted(cells[maker])}, which is neither true nor false`);
        const fill = execution({
          venue: 'binance',
          symbol,
          side: check.side('Side', cells[side]),
          price: check.positive('Price', cells[price]),
          quantity: check.positive('Quantity', cells[quantity]),
          fee: withUnit?.value ?? plainFee,
          feeCurrency: withUnit?.unit ?? check.text('Quote Asset', cells[feeAsset])?.toUpperCase() ?? null,
          liquidity: liquidity ?? null,
          executedAtUs,
          tradeId: check.text('Trade ID', cells[tradeId]),
          orderId: check.text('Order ID', cells[orderId]),
        });
        const notional = check.requiredNumber('Amount', cells[amount]);
        const expected = fill.price * fill.quantity;
        if (Math.abs(Math.abs(notional) - expected) > Math.max(0.005 * expected, 0.01)) {
          check.refuse(
            `Amount is ${quoted(cells[amount])}, but Price times Quantity is ${expected}: the quantity is counted in contracts`,
          );
        }
        return check.problem === null
          ? { kind: 'executions', executions: [fill] }
          : check.quarantine(symbol, executedAtUs);
      };
    },
  },
};
