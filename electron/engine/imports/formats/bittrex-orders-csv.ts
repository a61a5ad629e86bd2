/**
 * Bittrex's closed orders, one a line, in the layouts of its years: what was filled at the average price, as one fill. Names of markets
 * put the quote first (`BTC-ETH` is ETH priced in BTC) until 2023, when base and quote have columns of their own.
 */
import { type Pair, pairSymbol } from '../../../../shared/market/symbols';
import type { DelimitedSample, Format, FormatReader } from '../format';
import { isoReader, patternReader, utcZone } from '../times';
import { columnIndex, hasColumns } from './header';
import { execution, orderEvent, otherRow, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

/** The old layouts name their columns differently. */
interface OldColumns {
  readonly id: string;
  readonly type: string;
  readonly commission: string;
  readonly opened: string;
  readonly remaining: string | null;
}

const usPattern = 'M/D/YYYY h:mm:ss A';

function oldReader(names: OldColumns): FormatReader {
  return {
    shape: 'delimited',
    open(header, context) {
      const at = (name: string): number => columnIndex(header, name);
      const [id, exchange, type, quantityAt] = [at(names.id), at('exchange'), at(names.type), at('quantity')];
      const [limit, commission, price] = [at('limit'), at(names.commission), at('price')];
      const [opened, closed, remainingAt] = [at(names.opened), at('closed'), at(names.remaining ?? '')];
      const choice = zoneChoice(context, utcZone);
      const time = patternReader(usPattern, choice) ?? isoReader(choice);
      const check = new RowCheck();
      return ({ cells }) => {
        check.reset();
        const name = check.requiredText('Exchange', cells[exchange]).toUpperCase();
        const pair = pairOfMarket(name);
        if (pair === null) check.refuse(`Exchange is ${quoted(name)}, but must be like BTC-ETH`);
        const side = sideOfType(check, cells[type]);
        const ordered = check.positive('Quantity', cells[quantityAt]);
        const remaining = names.remaining === null ? 0 : (check.number('QuantityRemaining', cells[remainingAt]) ?? 0);
        const filled = ordered - remaining;
        const total = check.requiredNumber('Price', cells[price]);
        const paid = check.number(names.commission, cells[commission]);
        const limitPrice = check.number('Limit', cells[limit]);
        const openedAtUs = check.time('Opened', cells[opened], time);
        const closedAtUs = check.requiredTime('Closed', cells[closed], time);
        if (remaining < 0 || filled < 0)
          check.refuse(`QuantityRemaining is ${quoted(cells[remainingAt])} of ${ordered}`);
        if (filled > 0 && !(total > 0)) check.refuse(`Price is ${quoted(cells[price])}, but must be above zero`);
        const order = {
          venue: 'bittrex',
          symbol: pair === null ? name : pairSymbol(pair),
          side,
          orderId: check.requiredText(names.id, cells[id]),
          intendedQuantity: ordered,
        };
        if (check.problem !== null) return check.quarantine(order.symbol, closedAtUs);
        // A closed order of which something is left was cancelled.
        const cancelled = orderEvent({ ...order, kind: 'cancelled', atUs: closedAtUs, price: limitPrice || null });
        if (filled === 0) return { kind: 'orderEvents', orderEvents: [cancelled] };
        const fill = execution({
          ...order,
          price: total / filled,
          quantity: filled,
          fee: paid,
          feeCurrency: paid === null ? null : (pair?.quote ?? null),
          // Some orders are stated to have closed before they were opened.
          submittedAtUs: openedAtUs !== null && openedAtUs <= closedAtUs ? openedAtUs : null,
          executedAtUs: closedAtUs,
        });
        return { kind: 'executions', executions: [fill], ...(remaining > 0 && { orderEvents: [cancelled] }) };
      };
    },
  };
}

/** `BTC-NLG` is NLG priced in BTC. */
function pairOfMarket(name: string): Pair | null {
  const [, quote, base] = /^([A-Z0-9]+)-([A-Z0-9]+)$/.exec(name) ?? [];
  return quote === undefined || base === undefined ? null : { base, quote };
}

/** `LIMIT_BUY`, `MARKET_SELL`, `CEILING_MARKET_BUY`. */
function sideOfType(check: RowCheck, raw: string | undefined): 'buy' | 'sell' {
  const word = /_(BUY|SELL)$/i.exec(raw?.trim() ?? '')?.[1];
  if (word === undefined) check.refuse(`type of the order is ${quoted(raw)}, which says neither buy nor sell`);
  return word?.toLowerCase() === 'sell' ? 'sell' : 'buy';
}

const hasAll = (sample: DelimitedSample, names: readonly string[]): boolean => hasColumns(sample.header, names);

const describesOrders =
  'Every line is a closed order, read as one fill at its average price when it closed; what was left of it was cancelled. The commission is in the quote. Trade ids and maker or taker are not in the file.';

export const bittrexFullordersCsv: Format = {
  id: 'bittrex-fullorders-csv',
  title: 'Bittrex orders (until 2019)',
  describes: describesOrders,
  kind: 'executions',
  exampleHeader: 'OrderUuid,Exchange,Type,Quantity,Limit,CommissionPaid,Price,Opened,Closed',
  exampleRows: ['u1,BTC-ETH,LIMIT_BUY,2.5,0.05,0.0003,0.12,4/11/2015 7:50:37 PM,4/12/2015 12:04:09 AM'],
  impliedSource: 'live',
  recognise: (sample) =>
    sample.kind === 'delimited' &&
    hasAll(sample, [
      'orderuuid',
      'exchange',
      'type',
      'quantity',
      'limit',
      'commissionpaid',
      'price',
      'opened',
      'closed',
    ])
      ? { confidence: 0.99, reason: "header of Bittrex's fullOrders with CommissionPaid" }
      : null,
  reader: oldReader({
    ...{ id: 'orderuuid', type: 'type', commission: 'commissionpaid', opened: 'opened', remaining: null },
  }),
};

export const bittrexOrderhistoryCsv: Format = {
  id: 'bittrex-orderhistory-csv',
  title: 'Bittrex order history (2019 to 2022)',
  describes: describesOrders,
  kind: 'executions',
  exampleHeader:
    'Uuid,Exchange,TimeStamp,OrderType,Limit,Quantity,QuantityRemaining,Commission,Price,PricePerUnit,IsConditional,Condition,ConditionTarget,ImmediateOrCancel,Closed,TimeInForceTypeId,TimeInForce',
  exampleRows: [
    'u1,USD-ETH,2/3/2020 4:05:06 AM,CEILING_MARKET_BUY,,2,0.5,0.6,300,200,False,,0,True,2/3/2020 4:05:07 AM,2,',
  ],
  impliedSource: 'live',
  recognise: (sample) =>
    sample.kind === 'delimited' &&
    hasAll(sample, [
      'uuid',
      'exchange',
      'timestamp',
      'ordertype',
      'quantity',
      'quantityremaining',
      'commission',
      'closed',
    ])
      ? { confidence: 0.99, reason: "header of Bittrex's order history with QuantityRemaining" }
      : null,
  reader: oldReader({
    ...{ id: 'uuid', type: 'ordertype', commission: 'commission', opened: 'timestamp', remaining: 'quantityremaining' },
  }),
};

export const bittrexOrderhistory2023Csv: Format = {
  id: 'bittrex-orderhistory-2023-csv',
  title: 'Bittrex transaction history (2023)',
  describes: describesOrders,
  kind: 'executions',
  exampleHeader:
    'TXID,Time (UTC),Transaction,Order Type,Market,Base,Quote,Price,Quantity (Base),Fees (Quote),Total (Quote),Approx Value (USD),Time In Force,Notes',
  exampleRows: ['u1,2020-02-03T04:05:06,Bought,Limit,ETH/BTC,ETH,BTC,0.06,2,0.0002,0.1202,,Good til cancelled,'],
  impliedSource: 'live',
  recognise: (sample) =>
    sample.kind === 'delimited' &&
    hasAll(sample, ['txid', 'time (utc)', 'transaction', 'market', 'base', 'quote', 'quantity (base)', 'fees (quote)'])
      ? { confidence: 0.99, reason: "header of Bittrex's transaction history with Quantity (Base)" }
      : null,
  reader: {
    shape: 'delimited',
    open(header, context) {
      const at = (name: string): number => columnIndex(header, name);
      const [id, time, type, base, quote] = [at('txid'), at('time (utc)'), at('transaction'), at('base'), at('quote')];
      const [quantity, fees, total] = [at('quantity (base)'), at('fees (quote)'), at('total (quote)')];
      const iso = isoReader(zoneChoice(context, utcZone));
      const check = new RowCheck();
      return ({ cells }) => {
        check.reset();
        const word = check.requiredText('Transaction', cells[type]).toLowerCase();
        if (word === 'deposit' || word === 'withdrawal') return otherRow(word);
        const asset = check.requiredText('Base', cells[base]).toUpperCase();
        const money = check.requiredText('Quote', cells[quote]).toUpperCase();
        const filled = check.positive('Quantity (Base)', cells[quantity]);
        const paid = check.number('Fees (Quote)', cells[fees]);
        const side = check.side('Transaction', cells[type]);
        // The column Price is the order's limit. The total holds the fee: it was added to a purchase and taken from a sale.
        const worth = check.positive('Total (Quote)', cells[total]) + (side === 'buy' ? -1 : 1) * (paid ?? 0);
        if (!(worth > 0)) check.refuse(`Total (Quote) is ${quoted(cells[total])}, which is less than the fee`);
        const fill = execution({
          venue: 'bittrex',
          symbol: `${asset}/${money}`,
          side,
          price: worth / filled,
          quantity: filled,
          fee: paid,
          feeCurrency: paid === null ? null : money,
          executedAtUs: check.requiredTime('Time (UTC)', cells[time], iso),
          orderId: check.requiredText('TXID', cells[id]),
        });
        return check.problem === null
          ? { kind: 'executions', executions: [fill] }
          : check.quarantine(fill.symbol, fill.executedAtUs);
      };
    },
  },
};
