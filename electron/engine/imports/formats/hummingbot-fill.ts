/** What Hummingbot's trades file, database and log share: what a fill cost, who made it, and on which venue. */
import type { Liquidity, Side } from '../../../../shared/market/executions';
import { pairOfSymbol } from '../../../../shared/market/symbols';
import type { ParsedExecution, ReadContext } from '../format';
import { recordOf } from './json';
import { parsePythonLiteral } from './python-literal';
import { quoted, type RowCheck } from './row';

/** Connectors of paper trading and test networks name themselves so. */
const simulated = /_(paper_trade|testnet)$/;

export function venueOf(market: string | null): Pick<ParsedExecution, 'venue' | 'paper'> {
  if (market === null) return { venue: null, paper: false };
  return { venue: market.replace(simulated, ''), paper: simulated.test(market) };
}

/** Ids of orders on paper hold two slashes; all others are given to the venue as the client's id. */
export function isPaperOrder(orderId: string): boolean {
  return orderId.includes('//');
}

/** `BUY`, `SELL`, and `TradeType.BUY` as the log writes it. */
export function sideOfTrade(check: RowCheck, name: string, raw: unknown): Side {
  return check.side(name, typeof raw === 'string' ? raw.replace(/^TradeType\./, '') : raw);
}

/** An order that only makes never takes, and a market order never makes; of others it is not told. */
export function liquidityOfOrder(orderType: string | null): Liquidity | null {
  const type = orderType?.replace(/^OrderType\./, '');
  return type === 'LIMIT_MAKER' ? 'maker' : type === 'MARKET' ? 'taker' : null;
}

interface Traded {
  readonly symbol: string;
  readonly side: Side;
  readonly price: number;
  readonly quantity: number;
}

interface Part {
  readonly currency: string;
  readonly amount: number;
}

/**
 * The fee of `trade_fee`: a share of the amount, in the quote or (`DeductedFromReturns`) in what was received, and flat fees. The
 * share is the bot's setting for the venue and no charge it saw. Positive = paid; null where its amount cannot be told.
 */
export function feeOfTrade(
  check: RowCheck,
  context: ReadContext,
  raw: unknown,
  { symbol, side, price, quantity }: Traded,
): Pick<ParsedExecution, 'fee' | 'feeCurrency'> {
  const unknown = { fee: null, feeCurrency: null };
  const fee = recordOf(typeof raw === 'string' ? parsePythonLiteral(raw) : raw);
  if (fee === null) {
    if (raw !== null && raw !== undefined && raw !== '')
      check.refuse(`trade_fee is ${quoted(raw)}, which cannot be read`);
    return unknown;
  }
  const pair = pairOfSymbol(symbol);
  const quote = pair?.quote ?? null;
  const parts: Part[] = [];
  const share = check.number('trade_fee.percent', fee['percent']) ?? 0;
  const shareIn =
    fee['fee_type'] === 'DeductedFromReturns'
      ? ((side === 'buy' ? pair?.base : quote) ?? null)
      : (check.text('trade_fee.percent_token', fee['percent_token']) ?? quote);
  if (share !== 0) {
    context.warn(
      'Fees that Hummingbot states as a share are its settings for the venue, an estimate and not what was charged.',
    );
    if (shareIn === null || (shareIn !== quote && shareIn !== pair?.base)) {
      context.warn(
        `Fees taken as a share in ${shareIn ?? 'an unnamed coin'} are unknown: the file does not price that coin.`,
      );
      return unknown;
    }
    parts.push({ currency: shareIn, amount: share * quantity * (shareIn === quote ? price : 1) });
  }
  for (const flat of Array.isArray(fee['flat_fees']) ? fee['flat_fees'] : []) {
    const [token, amount] = Array.isArray(flat)
      ? flat
      : [recordOf(flat)?.['token'] ?? recordOf(flat)?.['asset'], recordOf(flat)?.['amount']];
    parts.push({
      currency: check.requiredText('trade_fee.flat_fees token', token),
      amount: check.requiredNumber('trade_fee.flat_fees amount', amount),
    });
  }
  const charged = parts.filter(({ amount }) => amount !== 0);
  const [first] = charged;
  if (first === undefined) return { fee: 0, feeCurrency: quote };
  const currency = charged.every((part) => part.currency === first.currency) ? first.currency : quote;
  let total = 0;
  for (const part of charged) {
    if (part.currency === currency) total += part.amount;
    else if (part.currency === pair?.base) total += part.amount * price;
    else {
      context.warn(`Fees in several coins, ${part.currency} among them, are unknown: the file does not price them.`);
      return unknown;
    }
  }
  return { fee: total, feeCurrency: currency };
}
