/**
 * KuCoin's fills in the layouts of its years: one fill a line, by name or, where four columns are all called Coin, by position; and its
 * list of orders.
 */
import { pairOfSymbol, symbolOf } from '../../../../shared/market/symbols';
import type { DelimitedSample, Format, FormatReader } from '../format';
import { decimalMarkOf } from '../numbers';
import { isoReader } from '../times';
import { amountCheck, zoneInHeader } from './columns';
import { absentColumn, columnIndex, hasColumns } from './header';
import { cachedSymbols, execution, orderEvent, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

/** Where a layout keeps what a fill needs; absent columns are {@link absentColumn}. */
interface Layout {
  readonly time: number;
  readonly symbol: number;
  readonly side: number;
  readonly price: number;
  readonly quantity: number;
  readonly amount: number;
  readonly fee: number;
  readonly feeCurrency: number;
  readonly orderId: number;
  readonly liquidity: number;
}

type LayoutOf = (header: readonly string[]) => Layout;

const absent = { feeCurrency: absentColumn, orderId: absentColumn, liquidity: absentColumn };

const uiColumns2018 = [
  'time',
  'coins',
  'sell/buy',
  'filled price',
  'coin',
  'amount',
  'coin',
  'volume',
  'coin',
  'fee',
  'coin',
];
const uiLayout2018: LayoutOf = () => ({
  ...absent,
  ...{ time: 0, symbol: 1, side: 2, price: 3, quantity: 5, amount: 7, fee: 9, feeCurrency: 10 },
});

const columns2018 = ['oid', 'symbol', 'dealprice', 'dealvalue', 'amount', 'fee', 'direction', 'createddate'];
const layout2018: LayoutOf = (header) => {
  const at = (name: string): number => columnIndex(header, name);
  return {
    ...{ ...absent, time: at('createddate'), symbol: at('symbol'), side: at('direction'), price: at('dealprice') },
    ...{ quantity: at('amount'), amount: at('dealvalue'), fee: at('fee'), orderId: at('oid') },
  };
};

const columns2019 = ['time', 'pair', 'side', 'filledprice', 'filledpricecoin', 'amount', 'volume', 'fee', 'feecoin'];
const layout2019: LayoutOf = (header) => {
  const at = (name: string): number => columnIndex(header, name);
  return {
    ...{ ...absent, time: at('time'), symbol: at('pair'), side: at('side'), price: at('filledprice') },
    ...{ quantity: at('amount'), amount: at('volume'), fee: at('fee'), feeCurrency: at('feecoin') },
  };
};

const columnsV2 = ['tradecreatedat', 'symbol', 'side', 'price', 'size', 'funds', 'fee', 'feecurrency'];
const layoutV2: LayoutOf = (header) => {
  const at = (name: string): number => columnIndex(header, name);
  return {
    ...{ time: at('tradecreatedat'), symbol: at('symbol'), side: at('side'), price: at('price'), quantity: at('size') },
    ...{ amount: at('funds'), fee: at('fee'), feeCurrency: at('feecurrency') },
    ...{ orderId: at('orderid'), liquidity: at('liquidity') },
  };
};

const columnsV3 = ['symbol', 'side', 'avg. filled price', 'filled amount', 'filled volume', 'fee', 'maker/taker'];
columnsV3.push('fee currency');
const layoutV3: LayoutOf = (header) => {
  const at = (name: string): number => columnIndex(header, name);
  return {
    ...{ time: header.findIndex((name) => name.startsWith('filled time')), symbol: at('symbol'), side: at('side') },
    ...{ price: at('avg. filled price'), quantity: at('filled amount'), amount: at('filled volume'), fee: at('fee') },
    ...{ feeCurrency: at('fee currency'), orderId: at('order id'), liquidity: at('maker/taker') },
  };
};

function readerOf(layoutOf: LayoutOf): FormatReader {
  return {
    shape: 'delimited',
    open(header, context, sample) {
      const at = layoutOf(header);
      const iso = isoReader(zoneChoice(context, zoneInHeader(header[at.time] ?? '')));
      const check = new RowCheck(decimalMarkOf(sample));
      const checkAmount = amountCheck(context, 'volume');
      const symbolOfName = cachedSymbols(symbolOf);
      return ({ cells, line }) => {
        check.reset();
        const symbol = symbolOfName(check.requiredText('symbol', cells[at.symbol]));
        const side = check.side('side', cells[at.side]);
        const [price, quantity] = [
          check.positive('price', cells[at.price]),
          check.positive('size', cells[at.quantity]),
        ];
        const fee = check.number('fee', cells[at.fee]);
        const executedAtUs = check.requiredTime('time', cells[at.time], iso);
        const stated = check.number('volume', cells[at.amount]);
        let feeCurrency = check.text('fee currency', cells[at.feeCurrency])?.toUpperCase() ?? null;
        if (at.feeCurrency === absentColumn && fee !== null) {
          // The fee is taken from what is received, the base of a purchase and the quote of a sale.
          const received = side === 'buy' ? quantity : price * quantity;
          feeCurrency = pairOfSymbol(symbol)?.[side === 'buy' ? 'base' : 'quote'] ?? null;
          if (fee > 0.05 * received) {
            check.refuse(
              `fee is ${quoted(cells[at.fee])}, which is too much to be in ${feeCurrency}; its coin is not stated`,
            );
          }
        }
        if (check.problem !== null) return check.quarantine(symbol, executedAtUs);
        checkAmount(price, quantity, stated, line);
        const fill = execution({
          ...{ venue: 'kucoin', symbol, side, price, quantity, fee, feeCurrency, executedAtUs },
          liquidity: check.liquidity('liquidity', cells[at.liquidity]),
          orderId: check.text('order id', cells[at.orderId]),
        });
        return check.problem === null
          ? { kind: 'executions', executions: [fill] }
          : check.quarantine(symbol, executedAtUs);
      };
    },
  };
}

const hasAll = (names: readonly string[], sample: DelimitedSample): boolean => hasColumns(sample.header, names);

export const kucoinTradesUi2018: Format = {
  id: 'kucoin-trades-ui-2018',
  title: 'KuCoin trades (web page, 2018)',
  describes:
    'Every line is a fill, read by position because four columns have one name. The file has no ids and does not tell maker from taker.',
  kind: 'executions',
  exampleHeader: 'Time,Coins,Sell/Buy,Filled Price,Coin,Amount,Coin,Volume,Coin,Fee,Coin',
  exampleRows: ['2020-02-03 04:05:06,ETH-USDT,Buy,200,USDT,0.5,ETH,100,USDT,0.0005,ETH'],
  impliedSource: 'live',
  recognise: (sample) =>
    sample.kind === 'delimited' &&
    sample.header.length === uiColumns2018.length &&
    uiColumns2018.every((name, index) => sample.header[index] === name)
      ? { confidence: 0.99, reason: "the eleven columns of KuCoin's trades of 2018, four of them called Coin" }
      : null,
  reader: readerOf(uiLayout2018),
};

export const kucoinTradesV1: Format = {
  id: 'kucoin-trades-v1',
  title: 'KuCoin trades (2018)',
  describes:
    'Every line is a fill with its order id. The coin of the fee is not stated: it is the one received, and lines whose fee is too large for that go to quarantine. The file does not tell maker from taker.',
  kind: 'executions',
  exampleHeader: 'oid,symbol,dealPrice,dealValue,amount,fee,direction,createdDate',
  exampleRows: ['a1,ETH-USDT,200,100,0.5,0.0005,BUY,2020-02-03 04:05:06.0'],
  impliedSource: 'live',
  recognise: (sample) =>
    sample.kind === 'delimited' && hasAll(columns2018, sample)
      ? { confidence: 0.99, reason: "header of KuCoin's trades of 2018 with dealPrice and dealValue" }
      : null,
  reader: readerOf(layout2018),
};

export const kucoinTrades2019: Format = {
  id: 'kucoin-trades-2019',
  title: 'KuCoin trades (2019)',
  describes: 'Every line is a fill. The file has no ids and does not tell maker from taker.',
  kind: 'executions',
  exampleHeader: 'Time,Pair,Side,FilledPrice,FilledPriceCoin,Amount,AmountCoin,Volume,VolumeCoin,Fee,FeeCoin',
  exampleRows: ['2020/02/03 04:05:06,ETH-USDT,BUY,200,USDT,0.5,ETH,100,USDT,0.1,USDT'],
  impliedSource: 'live',
  recognise: (sample) =>
    sample.kind === 'delimited' && hasAll(columns2019, sample)
      ? { confidence: 0.99, reason: "header of KuCoin's trades of 2019 with FilledPriceCoin and FeeCoin" }
      : null,
  reader: readerOf(layout2019),
};

export const kucoinFillsV2: Format = {
  id: 'kucoin-fills-v2',
  title: 'KuCoin fills (until 2023)',
  describes:
    'Every line is a fill; order ids and maker or taker are read where the export has them. It has no trade ids.',
  kind: 'executions',
  exampleHeader: 'tradeCreatedAt,orderId,symbol,side,price,size,funds,fee,liquidity,feeCurrency,orderType',
  exampleRows: ['2020-02-03 04:05:06,a1,ETH-USDT,buy,200,0.5,100,0.1,maker,USDT,limit'],
  impliedSource: 'live',
  recognise: (sample) =>
    sample.kind === 'delimited' && hasAll(columnsV2, sample)
      ? { confidence: 0.99, reason: "header of KuCoin's fills with tradeCreatedAt and feeCurrency" }
      : null,
  reader: readerOf(layoutV2),
};

export const kucoinFillsV3: Format = {
  id: 'kucoin-fills-v3',
  title: 'KuCoin fills',
  describes: 'Every line is a fill, its time in the zone the header states. The file has no trade ids.',
  kind: 'executions',
  exampleHeader:
    'UID,Account Type,Order ID,Symbol,Side,Order Type,Avg. Filled Price,Filled Amount,Filled Volume,Filled Volume (USDT),Filled Time(UTC+02:00),Fee,Maker/Taker,Fee Currency',
  exampleRows: ['**7,mainAccount,a1,ETH-USDT,BUY,MARKET,200,0.5,100,100,2020-02-03 06:05:06,0.1,TAKER,USDT'],
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasAll(columnsV3, sample)) return null;
    if (!sample.header.some((name) => name.startsWith('filled time'))) return null;
    // The list of orders has these columns too.
    if (sample.header.some((name) => name === 'status' || name === 'order amount')) return null;
    return { confidence: 0.99, reason: "header of KuCoin's fills with Maker/Taker and the zone of the times" };
  },
  reader: readerOf(layoutV3),
};

const orderColumns = [
  'order id',
  'symbol',
  'side',
  'order price',
  'order amount',
  'avg. filled price',
  'filled amount',
];
orderColumns.push('status');

/** KuCoin says of an order only whether it is done; what is left of it tells the rest. */
const orderStates: ReadonlyMap<string, 'done' | 'cancelled' | 'open'> = new Map([
  ...['deal', 'done', 'filled', 'part_deal', 'partially filled'].map((word): [string, 'done'] => [word, 'done']),
  ...['cancel', 'canceled', 'cancelled', 'part_cancel'].map((word): [string, 'cancelled'] => [word, 'cancelled']),
  ...['new', 'active', 'open'].map((word): [string, 'open'] => [word, 'open']),
]);

export const kucoinOrdersV3: Format = {
  id: 'kucoin-orders-v3',
  title: 'KuCoin orders',
  describes:
    'Every line is an order, read as one fill at its average price when it was filled, with the time it was placed and what it asked for; cancelled orders and what was left of an order are order events. No trade ids; where the list of fills is at hand, import that instead, never both.',
  kind: 'executions',
  exampleHeader:
    'UID,Account Type,Order ID,Order Time(UTC+02:00),Symbol,Side,Order Type,Order Price,Order Amount,Avg. Filled Price,Filled Amount,Filled Volume,Filled Volume (USDT),Filled Time(UTC+02:00),Fee,Fee Currency,Tax,Status',
  exampleRows: [
    '**7,mainAccount,a1,2024-02-03 06:05:00,ETH-USDT,BUY,LIMIT,2010,0.5,2000,0.2,400,400,2024-02-03 06:05:06,0.4,USDT,,cancel',
    '**7,mainAccount,a2,2024-02-03 07:05:00,ETH-USDT,BUY,LIMIT,1900,0.5,0,0,0,0,,0,,,cancel',
  ],
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasAll(orderColumns, sample)) return null;
    if (!sample.header.some((name) => name.startsWith('order time'))) return null;
    return { confidence: 0.99, reason: "header of KuCoin's orders with Order Time, Order Amount and Status" };
  },
  reader: {
    shape: 'delimited',
    open(header, context) {
      const at = (name: string): number => columnIndex(header, name);
      const [orderId, symbolAt, sideAt, limitAt, amountAt, averageAt, filledAt, status] = orderColumns.map(at) as [
        ...[number, number, number, number, number, number, number, number], // one index for each name
      ];
      const [fee, feeCurrency, volume, account] = [at('fee'), at('fee currency'), at('filled volume'), at('uid')];
      const timeAt = (begin: string): number => {
        const index = header.findIndex((name) => name.startsWith(begin));
        return index === -1 ? absentColumn : index;
      };
      const [ordered, filledTime] = [timeAt('order time'), timeAt('filled time')];
      const iso = isoReader(zoneChoice(context, zoneInHeader(header[ordered] ?? '')));
      const check = new RowCheck();
      const checkAmount = amountCheck(context, 'Filled Volume');
      const symbolOfName = cachedSymbols(symbolOf);
      return ({ cells, line }) => {
        check.reset();
        const symbol = symbolOfName(check.requiredText('Symbol', cells[symbolAt]));
        const side = check.side('Side', cells[sideAt]);
        const word = check.requiredText('Status', cells[status]);
        const state = orderStates.get(word.toLowerCase());
        if (state === undefined) check.refuse(`Status is ${quoted(cells[status])}, which is unknown`);
        const submittedAtUs = check.requiredTime('Order Time', cells[ordered], iso);
        const filledAtUs = check.time('Filled Time', cells[filledTime], iso);
        const quantity = check.number('Filled Amount', cells[filledAt]) ?? 0;
        const asked = check.number('Order Amount', cells[amountAt]);
        const limit = check.number('Order Price', cells[limitAt]);
        const stated = check.number('Filled Volume', cells[volume]);
        const paid = check.number('Fee', cells[fee]);
        if (quantity < 0) check.refuse(`Filled Amount is ${quoted(cells[filledAt])}, but must not be below zero`);
        const price = quantity > 0 ? check.positive('Avg. Filled Price', cells[averageAt]) : Number.NaN;
        if (state === 'done' && quantity === 0) check.refuse('the order says it was filled, but not how much');
        const order = {
          ...{ venue: 'kucoin', account: check.text('UID', cells[account]), symbol, side },
          orderId: check.text('Order ID', cells[orderId]),
          // A market order may be asked for in the quote, which leaves this empty or zero.
          intendedQuantity: asked !== null && asked > 0 ? asked : null,
        };
        const atUs = filledAtUs ?? submittedAtUs;
        if (check.problem !== null) return check.quarantine(symbol, atUs);
        const event = (kind: 'cancelled' | 'submitted') =>
          orderEvent({ ...order, kind, atUs: kind === 'submitted' ? submittedAtUs : atUs, price: limit || null });
        if (state === 'open') return { kind: 'orderEvents', orderEvents: [event('submitted')] };
        if (quantity === 0) return { kind: 'orderEvents', orderEvents: [event('cancelled')] };
        checkAmount(price, quantity, stated, line);
        context.warn(
          'Orders are listed without their fills: each is read as one execution at its average price when it was filled. Import the list of fills instead where it is at hand, never both: they would count twice.',
        );
        const fill = execution({
          ...{ ...order, price, quantity, fee: paid, executedAtUs: atUs },
          feeCurrency: paid === null ? null : (check.text('Fee Currency', cells[feeCurrency])?.toUpperCase() ?? null),
          submittedAtUs: submittedAtUs <= atUs ? submittedAtUs : null,
        });
        return {
          kind: 'executions',
          executions: [fill],
          ...(state === 'cancelled' && { orderEvents: [event('cancelled')] }),
        };
      };
    },
  },
};
