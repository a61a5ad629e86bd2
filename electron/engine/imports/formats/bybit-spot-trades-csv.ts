/** Bybit spot trades: one fill a line with its ids, times UTC. Before unified accounts every number carries its coin. */
import { pairOfSymbol, symbolOf } from '../../../../shared/market/symbols';
import type { Format } from '../format';
import { isoReader, utcZone } from '../times';
import { amountCheck } from './columns';
import { columnIndex, hasColumns, normaliseHeader } from './header';
import { cachedSymbols, execution, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const needed = ['spot pairs', 'direction', 'filled value', 'filled price', 'filled quantity', 'fees', 'transaction id'];

export const bybitSpotTradesCsv: Format = {
  id: 'bybit-spot-trades-csv',
  title: 'Bybit spot trades',
  describes:
    'Every line is a fill with transaction and order id. Where the fee names no coin it is in the one received. The file does not tell maker from taker.',
  kind: 'executions',
  exampleHeader:
    'Uid,Spot Pairs,Order Type,Direction,Filled Value,Filled Price,Filled Quantity,Fees,Transaction ID,Order No.,Timestamp (UTC+0)',
  exampleRows: ['7,ETHUSDT,LIMIT,SELL,1000,2000,0.5,0.8,71, 72,2024-02-03 04:05:06'],
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, needed)) return null;
    if (!sample.header.some((name) => name.startsWith('timestamp (utc'))) return null;
    return { confidence: 0.99, reason: "header of Bybit's spot trades with Spot Pairs and Transaction ID" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context) {
      const header = normaliseHeader(rawHeader);
      const at = (name: string): number => columnIndex(header, name);
      const [uid, pairs, direction, value] = [at('uid'), at('spot pairs'), at('direction'), at('filled value')];
      const [price, quantity, fees] = [at('filled price'), at('filled quantity'), at('fees')];
      const [tradeId, orderId] = [at('transaction id'), at('order no.')];
      const time = header.findIndex((name) => name.startsWith('timestamp (utc'));
      const iso = isoReader(zoneChoice(context, utcZone));
      const check = new RowCheck();
      const checkValue = amountCheck(context, 'Filled Value');
      const symbolOfName = cachedSymbols(symbolOf);

      /** A number with or without its coin, which must be `asset` where that is known. */
      const amountIn = (name: string, text: string | undefined, asset: string | null): number | null => {
        if (text === undefined || !/[A-Za-z]\s*$/.test(text)) return check.number(name, text);
        const amount = check.amountWithUnit(name, text, asset === null ? [] : [asset]);
        if (amount !== null && asset !== null && amount.unit !== asset) {
          check.refuse(`${name} is ${quoted(text)}, but must be in ${asset}`);
        }
        return amount?.value ?? null;
      };
      const positiveIn = (name: string, text: string | undefined, asset: string | null): number => {
        const amount = amountIn(name, text, asset);
        if (amount !== null && amount > 0) return amount;
        check.refuse(amount === null ? `${name} is missing` : `${name} is ${quoted(text)}, but must be above zero`);
        return Number.NaN;
      };

      return ({ cells, line }) => {
        check.reset();
        const symbol = symbolOfName(check.requiredText('Spot Pairs', cells[pairs]));
        const pair = pairOfSymbol(symbol);
        const side = check.side('Direction', cells[direction]);
        const feeText = cells[fees]?.trim() ?? '';
        const withCoin = /[A-Za-z]$/.test(feeText)
          ? check.amountWithUnit('Fees', feeText, pair === null ? [] : [pair.base, pair.quote])
          : null;
        const fill = execution({
          venue: 'bybit',
          account: check.text('Uid', cells[uid]),
          symbol,
          side,
          price: positiveIn('Filled Price', cells[price], pair?.quote ?? null),
          quantity: positiveIn('Filled Quantity', cells[quantity], pair?.base ?? null),
          fee: withCoin?.value ?? check.number('Fees', withCoin === null ? feeText : null),
          feeCurrency: feeText === '' ? null : (withCoin?.unit ?? pair?.[side === 'buy' ? 'base' : 'quote'] ?? null),
          executedAtUs: check.requiredTime('Timestamp', cells[time], iso),
          tradeId: check.requiredText('Transaction ID', cells[tradeId]),
          orderId: check.text('Order No.', cells[orderId]),
        });
        const stated = amountIn('Filled Value', cells[value], pair?.quote ?? null);
        if (check.problem !== null) return check.quarantine(symbol, fill.executedAtUs);
        checkValue(fill.price, fill.quantity, stated, line);
        return { kind: 'executions', executions: [fill] };
      };
    },
  },
};
