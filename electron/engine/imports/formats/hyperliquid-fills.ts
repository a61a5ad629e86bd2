/** Hyperliquid's userFills. A perpetual is named by its coin and priced in USDC; a spot market by a number keeps that name. */
import { symbolOf } from '../../../../shared/market/symbols';
import { apiFormat, epochMs, feeIn, hasKeys, unwrapped } from './api-record';
import { otherRow } from './row';

/** `ARB` is ARB/USDC, `PURR/USDC` itself; `@156` and `xyz:NVDA` need a list that is not in the log. */
function hyperliquidSymbol(coin: string): string {
  if (/^[@#]|:/.test(coin)) return coin;
  return coin.includes('/') ? symbolOf(coin) : `${coin}/USDC`;
}

/** Ways a position moves without a trade. */
const noTrade = /dust conversion|net child vaults/i;

export const hyperliquidUserFills = apiFormat({
  id: 'hyperliquid-userFills',
  title: 'Hyperliquid fills (API)',
  describes:
    'Every record is a fill, liquidations too; dust conversions and the netting of vaults are no trades. Spot markets told by number keep it as their name.',
  reason: "keys of Hyperliquid's fills: coin, px, sz, dir, crossed, tid",
  isRecord: (record) => hasKeys(record, ['coin', 'px', 'sz', 'side', 'time', 'dir', 'oid', 'crossed', 'tid']),
  records: (message) => unwrapped(message, ['data', 'fills', 'fill', 'twapSliceFills']),
  open() {
    return (fields) => {
      if (!fields.has('coin'))
        return otherRow(`message ${fields.text('channel') ?? fields.text('method') ?? 'without fills'}`);
      const direction = fields.text('dir') ?? '';
      if (noTrade.test(direction)) return otherRow(direction.toLowerCase());
      return fields.fill({
        venue: 'hyperliquid',
        symbol: hyperliquidSymbol(fields.requiredText('coin')),
        side: fields.side('side'),
        price: fields.positive('px'),
        quantity: fields.positive('sz'),
        ...feeIn(fields.number('fee'), fields.text('feeToken')),
        liquidity: fields.liquidityOfFlag('crossed', 'taker'),
        executedAtUs: fields.requiredTime('time', epochMs),
        tradeId: fields.requiredText('tid'),
        orderId: fields.text('oid'),
        clientOrderId: fields.text('cloid'),
      });
    };
  },
});
