/** Kraken's TradesHistory: trades told under their ids. The fee is stated in the quote even where it was taken in the base. */
import { pairOfSymbol, pairSymbol, parseKrakenPair } from '../../../../shared/market/symbols';
import { apiFormat, epochSeconds, feeIn, hasKeys, keyedRecords, unwrapped } from './api-record';
import { amountCheck } from './columns';
import { recordOf } from './json';

/** BASE/QUOTE of Kraken's pair, or its own name. */
export function krakenSymbol(name: string): string {
  const pair = parseKrakenPair(name);
  return pair === null ? name : pairSymbol(pair);
}

/** Records of pages of `result`, whose entries stand under their ids in one of `lists`. */
export function* krakenRecords(message: unknown, lists: readonly string[], idName: string): Generator<unknown> {
  for (const page of unwrapped(message, ['result'])) {
    const list = lists.map((name) => recordOf(page)?.[name]).find((value) => recordOf(value) !== null);
    if (list === undefined) yield page;
    else yield* keyedRecords(list, idName);
  }
}

export const krakenRestTrades = apiFormat({
  id: 'kraken-rest-TradesHistory',
  title: 'Kraken trades (API)',
  describes: 'Every entry of TradesHistory is a fill under the id of its key; margin, misc and ledgers are not read.',
  reason: "keys of Kraken's TradesHistory: ordertxid, ordertype, cost, vol",
  isRecord: (record) =>
    hasKeys(record, ['txid', 'ordertxid', 'pair', 'time', 'type', 'ordertype', 'cost', 'fee', 'vol']),
  records: (message) => krakenRecords(message, ['trades'], 'txid'),
  open(context) {
    const checkCost = amountCheck(context, 'cost');
    return (fields, line) => {
      const symbol = krakenSymbol(fields.requiredText('pair'));
      const [price, quantity] = [fields.positive('price'), fields.positive('vol')];
      checkCost(price, quantity, fields.number('cost'), line);
      return fields.fill({
        venue: 'kraken',
        symbol,
        side: fields.side('type'),
        price,
        quantity,
        ...feeIn(fields.number('fee'), pairOfSymbol(symbol)?.quote ?? null),
        liquidity: fields.liquidityOfFlag('maker'),
        executedAtUs: fields.requiredTime('time', epochSeconds),
        tradeId: fields.requiredText('txid'),
        orderId: fields.text('ordertxid'),
      });
    };
  },
});
