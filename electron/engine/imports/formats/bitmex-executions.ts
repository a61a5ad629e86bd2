/**
 * BitMEX's executions. Quantities are contracts or the smallest unit of a coin; the record states both sides of the trade, and
 * `homeNotional` is the base. Fees are whole numbers of the smallest unit of the settlement currency.
 */
import type { OrderEventKind } from '../../../../shared/market/executions';
import { krakenAsset, symbolOf } from '../../../../shared/market/symbols';
import { apiFormat, feeIn, hasKeys, isoUtc, unwrapped } from './api-record';
import { orderEvent, otherRow } from './row';

const kinds: ReadonlyMap<string, OrderEventKind> = new Map<string, OrderEventKind>([
  ['New', 'submitted'],
  ['Canceled', 'cancelled'],
  ['Rejected', 'rejected'],
  ['Expired', 'expired'],
]);
const others = new Set([
  'Funding',
  'Settlement',
  'Replaced',
  'Restated',
  'Suspended',
  'Calculated',
  'Insurance',
  'Triggered',
  'TriggeredOrActivatedBySystem',
]);

/** How many of the unit make one of the currency. */
const feeUnits: ReadonlyMap<string, readonly [string, number]> = new Map<string, readonly [string, number]>([
  ['XBt', ['BTC', 1e8]],
  ['USDt', ['USDT', 1e6]],
]);

/** Contracts settled in a coin keep their names; BitMEX calls bitcoin XBT. */
export function bitmexSymbol(name: string, settlement: string | null): string {
  if (settlement === 'XBt' && !name.includes('_')) return name;
  const pair = symbolOf(name);
  const at = pair.indexOf('/');
  return at === -1 ? name : `${krakenAsset(pair.slice(0, at))}/${pair.slice(at + 1)}`;
}

export const bitmexExecutions = apiFormat({
  id: 'bitmex-rest-execution',
  title: 'BitMEX executions (API)',
  describes:
    'Executions of the type Trade become fills in base units by homeNotional; new, cancelled and rejected orders order events; funding and settlement are not read.',
  reason: "keys of BitMEX's executions: execID, execType, homeNotional, execComm",
  isRecord: (record) =>
    hasKeys(record, ['execID', 'orderID', 'symbol', 'execType', 'lastQty', 'lastPx', 'transactTime']),
  records: (message) => unwrapped(message, ['data']),
  open(context) {
    return (fields) => {
      if (!fields.has('execID'))
        return otherRow(`message ${fields.text('table') ?? fields.text('info') ?? 'without executions'}`);
      const settlement = fields.text('settlCurrency');
      const symbol = bitmexSymbol(fields.requiredText('symbol'), settlement);
      const atUs = fields.requiredTime('transactTime', isoUtc);
      const type = fields.requiredText('execType');
      const ids = { orderId: fields.text('orderID'), clientOrderId: fields.text('clOrdID') };
      const account = fields.text('account');
      if (type === 'Trade') {
        const home = fields.number('homeNotional');
        if (home === null || home === 0)
          fields.refuseValue('homeNotional', 'so that the amount in base units is unknown');
        const quantity = Math.abs(home ?? Number.NaN);
        const unit = feeUnits.get(settlement ?? '');
        const fee = fields.number('execComm');
        if (fee !== null && unit === undefined)
          context.warn(`Fees in "${settlement ?? ''}" are not read: how many of it make one is not known.`);
        const asked = fields.positiveOrNone('orderQty');
        const last = fields.positiveOrNone('lastQty');
        const isLinear = symbol.includes('/');
        return fields.fill({
          ...ids,
          ...{
            venue: 'bitmex',
            account,
            symbol,
            side: fields.side('side'),
            price: fields.positive('lastPx'),
            quantity,
          },
          ...feeIn(fee === null || unit === undefined ? null : fee / unit[1], unit?.[0] ?? null),
          liquidity: fields.liquidityOfWord('lastLiquidityInd', /^Added/, /^Removed/),
          executedAtUs: atUs,
          tradeId: fields.requiredText('execID'),
          intendedQuantity: isLinear && asked !== null && last !== null ? (asked / last) * quantity : null,
        });
      }
      const kind = kinds.get(type);
      if (kind === undefined && !others.has(type))
        fields.refuseValue('execType', 'which is no known kind of execution');
      const side = fields.text('side') === null ? null : fields.side('side');
      const price = fields.positiveOrNone('price');
      const reason = fields.text('ordRejReason');
      if (fields.problem !== null) return fields.check.quarantine(symbol, atUs);
      if (kind === undefined) return otherRow(`execution ${type}`);
      const event = orderEvent({ ...ids, venue: 'bitmex', account, symbol, side, kind, atUs, price, reason });
      return { kind: 'orderEvents', orderEvents: [event] };
    };
  },
});
