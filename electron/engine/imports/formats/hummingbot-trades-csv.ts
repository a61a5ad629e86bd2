/**
 * The trades file that Hummingbot appends to, a fill a line: the columns since 2021 and those of 2020. Times are whole seconds although
 * they count milliseconds; the age is the time from the order's creation to the fill.
 */
import { SECOND_US } from '../../../../shared/base/time';
import { symbolOf } from '../../../../shared/market/symbols';
import type { Format, ReadContext } from '../format';
import { epochReader } from '../times';
import { columnIndex, hasColumns, normaliseHeader } from './header';
import { feeOfTrade, isPaperOrder, liquidityOfOrder, sideOfTrade, venueOf } from './hummingbot-fill';
import { cachedSymbols, execution, RowCheck } from './row';

const columns = [
  'exchange_trade_id',
  'config_file_path',
  'strategy',
  'market',
  'symbol',
  'timestamp',
  'order_id',
  'trade_type',
  'trade_fee',
];
const columnsOf2020 = [
  'config file',
  'strategy',
  'exchange',
  'timestamp',
  'market',
  'trade',
  'fee',
  'age',
  'order id',
  'exchange trade id',
];

export const hummingbotTradesCsv: Format = {
  id: 'hummingbot-trades-csv',
  title: 'Hummingbot trades',
  describes:
    'Every line is a fill; a fee told as a share of the amount is an estimate from the settings of the bot. The age gives when the order was created, to the second. Leverage and position are not read.',
  kind: 'executions',
  exampleHeader:
    'exchange_trade_id,config_file_path,strategy,market,symbol,base_asset,quote_asset,timestamp,order_id,trade_type,order_type,price,amount,leverage,trade_fee,position,age',
  exampleRows: [
    `71,conf_mm.yml,market_making,kucoin,ETH-USDT,ETH,USDT,1741082405000,BEHUT1,BUY,LIMIT_MAKER,2000,0.5,1,"{'fee_type': 'AddedToCost', 'percent': '0.001', 'percent_token': None, 'flat_fees': []}",NIL,00:00:03`,
  ],
  reference: {
    fees: 'trade_fee: a share of the amount, which is a setting and an estimate, or flat fees; positive is paid.',
  },
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited') return null;
    if (hasColumns(sample.header, columns)) return { confidence: 0.99, reason: "header of Hummingbot's trades file" };
    if (!hasColumns(sample.header, columnsOf2020)) return null;
    return { confidence: 0.99, reason: "header of Hummingbot's trades file of 2020" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context) {
      const header = normaliseHeader(rawHeader);
      const at = (name: string, nameOf2020: string): number =>
        columnIndex(header, ...(header.includes('exchange_trade_id') ? [name] : [nameOf2020]));
      const [strategy, market, symbol] = [at('strategy', 'strategy'), at('market', 'exchange'), at('symbol', 'market')];
      const [time, age, orderId] = [at('timestamp', 'timestamp'), at('age', 'age'), at('order_id', 'order id')];
      const [tradeId, side] = [at('exchange_trade_id', 'exchange trade id'), at('trade_type', 'trade')];
      const [type, price, amount, fee] = [
        at('order_type', 'type'),
        at('price', 'price'),
        at('amount', 'amount'),
        at('trade_fee', 'fee'),
      ];
      const milliseconds = epochReader('ms');
      const symbolOfPair = cachedSymbols(symbolOf);
      const check = new RowCheck();
      return ({ cells }) => {
        check.reset();
        const order = check.requiredText('order_id', cells[orderId]);
        const { venue, paper } = venueOf(check.text('market', cells[market]));
        const executedAtUs = check.requiredTime('timestamp', cells[time], milliseconds);
        const agedUs = ageOf(check, context, cells[age]);
        if (agedUs !== null) {
          context.warn(
            'Hummingbot keeps times and ages in whole seconds, and ages without their days: latency is uncertain by up to one second, and wrong for orders older than a day.',
          );
        }
        const traded = {
          symbol: symbolOfPair(check.requiredText('symbol', cells[symbol])),
          side: sideOfTrade(check, 'trade_type', cells[side]),
          price: check.positive('price', cells[price]),
          quantity: check.positive('amount', cells[amount]),
        };
        const fill = execution({
          ...traded,
          ...feeOfTrade(check, context, cells[fee], traded),
          venue,
          strategy: check.text('strategy', cells[strategy]),
          liquidity: liquidityOfOrder(check.text('order_type', cells[type])),
          executedAtUs,
          submittedAtUs: agedUs === null ? null : executedAtUs - agedUs,
          tradeId: check.text('exchange_trade_id', cells[tradeId]),
          orderId: order,
          clientOrderId: order,
          paper: paper || isPaperOrder(order),
        });
        if (check.problem !== null) return check.quarantine(traded.symbol, executedAtUs);
        return { kind: 'executions', executions: [fill] };
      };
    },
  },
};

/** A fill told before the creation of its order has an age below zero, which is written as the end of the day before. */
const beforeCreation = 86_340;

/** Microseconds; null where there is none. */
function ageOf(check: RowCheck, context: ReadContext, cell: string | undefined): number | null {
  const text = check.text('age', cell);
  if (text === null || text === 'n/a') return null;
  const match = /^(\d\d):(\d\d):(\d\d)$/.exec(text);
  if (match === null) {
    check.refuse(`age is "${text.slice(0, 60)}", but must be hours, minutes and seconds`);
    return null;
  }
  const seconds = Number(match[1]) * 3_600 + Number(match[2]) * 60 + Number(match[3]);
  if (seconds < beforeCreation) return seconds * SECOND_US;
  context.warn('Some fills were told before the creation of their order; their age is read as zero.');
  return 0;
}
