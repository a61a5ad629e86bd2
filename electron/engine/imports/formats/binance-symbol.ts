/** Binance's names: spot and linear perpetuals glued, everything with `_` a dated or a coin-margined contract. */
import { parsePair, symbolOf } from '../../../../shared/market/symbols';
import type { Fields } from './api-record';

/** `BTCUSDT` is BTC/USDT; `BTCUSDT_260327` and `BTCUSD_PERP` keep their names. */
export function binanceSymbol(name: string): string {
  return name.includes('_') ? name : symbolOf(name);
}

/** Coin-margined contracts count in contracts of 10 or 100 USD; the log does not say which. */
export function refuseContracts(fields: Fields, symbolName: string): void {
  const name = fields.text(symbolName) ?? '';
  const [pair = '', contract] = name.split('_');
  if (contract === undefined || parsePair(pair)?.quote !== 'USD') return;
  fields.refuse(`${name} is traded in contracts of a fixed amount of USD, which the log does not say`);
}
