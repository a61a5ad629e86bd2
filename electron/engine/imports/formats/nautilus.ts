/** What NautilusTrader's reports and events share: names of instruments, money with its currency, and times in nanoseconds or ISO. */
import type { Liquidity } from '../../../../shared/market/executions';
import { symbolOf } from '../../../../shared/market/symbols';
import type { ParsedExecution } from '../format';
import { epochReader, isoReader, type TimeReader, utcZone } from '../times';
import type { Fields } from './api-record';

const nanoseconds = epochReader('ns');
const iso = isoReader({ zone: utcZone });

/** `1704067200000000000` as in orders and events, `2024-01-01 00:00:00+00:00` as in reports of fills. */
export const nautilusTime: TimeReader = {
  expects: 'nanoseconds from 1970, or a time like 2024-01-01 00:00:00.123+00:00',
  read: (text) => (/^\d+$/.test(text) ? nanoseconds : iso).read(text),
};

export interface NautilusInstrument {
  readonly symbol: string;
  readonly venue: string | null;
  /** Settled in its coin, so that quantities are contracts worth money and no base units. */
  readonly isInverse: boolean;
}

/** `ETHUSDT-PERP.BINANCE`, `BTC/USDT.KRAKEN`, `AAPL.XNAS`: the venue stands behind the last point. */
export function nautilusInstrument(id: string): NautilusInstrument {
  const at = id.lastIndexOf('.');
  const name = at > 0 ? id.slice(0, at) : id;
  const venue = at > 0 ? id.slice(at + 1).toLowerCase() : null;
  const plain = name.replace(/[-_](?:PERP|PERPETUAL|LINEAR|INVERSE|SPOT)$/, '');
  const isInverse =
    name.endsWith('-INVERSE') ||
    (plain !== name && plain.endsWith('USD') && !name.endsWith('-SPOT')) ||
    (venue === 'bitmex' && plain.endsWith('USD')) ||
    (venue === 'deribit' && name.endsWith('-PERPETUAL') && !plain.includes('_'));
  // Tickers of shares are short and no pairs.
  const isPair = /[/_-]/.test(plain) || /^[A-Z0-9]{6,}$/.test(plain);
  return { symbol: isPair && !isInverse ? symbolOf(plain) : name, venue, isInverse };
}

/** The instrument of the row; one whose quantities are no base units is the row's problem. */
export function instrumentOf(fields: Fields): NautilusInstrument {
  const id = fields.requiredText('instrument_id');
  const instrument = nautilusInstrument(id);
  if (instrument.isInverse) {
    fields.refuse(
      `${id} is settled in its coin: its quantities are contracts, and how much of the coin one is worth is not told`,
    );
  }
  return instrument;
}

/** `TAKER`, `MAKER`, `NO_LIQUIDITY_SIDE`. */
export function nautilusLiquidity(fields: Fields): Liquidity | null {
  return fields.liquidityOfWord('liquidity_side', /^MAKER$/, /^TAKER$/);
}

/** Money as it is written: `1.50 USDT`. */
export function moneyOf(fields: Fields, name: string): Pick<ParsedExecution, 'fee' | 'feeCurrency'> {
  const money = fields.check.amountWithUnit(name, fields.text(name) ?? undefined, []);
  return money === null ? { fee: null, feeCurrency: null } : { fee: money.value, feeCurrency: money.unit };
}

/** Who trades for whom; strategies are told with a number behind their name. */
export function nautilusIds(fields: Fields) {
  return {
    account: fields.text('account_id'),
    strategy: fields.text('strategy_id'),
    orderId: fields.text('venue_order_id'),
    clientOrderId: fields.text('client_order_id'),
  };
}
