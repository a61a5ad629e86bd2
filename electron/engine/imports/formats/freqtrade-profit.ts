/** What the fills of freqtrade's trades earn against the profit it states for each, so that a misread trade does not pass unseen. */
import { compensatedSum } from '../../../../shared/base/sums';
import { pairOfSymbol } from '../../../../shared/market/symbols';
import type { ParsedExecution, ReadContext } from '../format';
import type { JsonRecord } from './api-record';

interface Compared {
  readonly gross: number;
  readonly fees: number;
  readonly stated: number;
  readonly funding: number;
  /** Whether the profit is the fills' after fees and funding, to a millionth of what was traded. */
  readonly fits: boolean;
}

export class TradeProfits {
  private readonly trades: Compared[] = [];
  private readonly stated: number[] = [];

  /** A closed trade. One whose fees are unknown, or in a coin that is not its quote, cannot be compared. */
  add(fills: readonly ParsedExecution[], profit: unknown, fundingFees: unknown): void {
    if (typeof profit !== 'number' || !Number.isFinite(profit)) return;
    this.stated.push(profit);
    const fees = fills.map((fill) => feeInQuote(fill));
    if (fees.includes(null)) return;
    const gross = compensatedSum(
      fills.map(({ side, price, quantity }) => (side === 'buy' ? -1 : 1) * price * quantity),
    );
    const paid = compensatedSum(fees.map((fee) => fee ?? Number.NaN));
    const turnover = compensatedSum(fills.map(({ price, quantity }) => price * quantity));
    const funding = typeof fundingFees === 'number' && Number.isFinite(fundingFees) ? fundingFees : 0;
    const fits = Math.abs(gross - paid + funding - profit) <= 1e-6 * turnover;
    this.trades.push({ gross, fees: paid, stated: profit, funding, fits });
  }

  compare(where: string, context: ReadContext): void {
    const sum = (of: readonly Compared[], value: (trade: Compared) => number) => compensatedSum(of.map(value));
    const funding = sum(this.trades, (trade) => trade.funding);
    if (funding !== 0) context.warn(`Funding is no trade and is not read; ${where} states ${rounded(funding)} of it.`);
    const others = this.trades.filter(({ fits }) => !fits);
    if (others.length === 0) return;
    const gross = sum(others, (trade) => trade.gross);
    const stated = sum(others, (trade) => trade.stated);
    const net = gross - sum(others, (trade) => trade.fees);
    const why =
      Math.abs(gross - stated) <= 1e-9 * Math.abs(gross)
        ? 'it states profit before fees'
        : 'funding or interest that it does not list may be the reason';
    context.warn(
      `The fills of ${others.length} of ${this.trades.length} closed trades come to ${rounded(net)} after fees, where ${where} states ${rounded(stated)}: ${why}.`,
    );
  }

  /** Whether the trades lead from the first balance to the last. */
  compareBalances(strategy: string, result: JsonRecord, context: ReadContext): void {
    const { starting_balance: first, final_balance: last } = result;
    if (typeof first !== 'number' || typeof last !== 'number') return;
    const earned = compensatedSum(this.stated);
    if (Math.abs(first + earned - last) <= 1e-6 * Math.abs(last)) return;
    context.warn(
      `The balance of ${strategy} went from ${first} to ${last}, but its trades state a profit of ${rounded(earned)} in all.`,
    );
  }
}

function feeInQuote({ symbol, fee, feeCurrency, price }: ParsedExecution): number | null {
  const pair = pairOfSymbol(symbol);
  if (fee === null || pair === null) return null;
  return feeCurrency === pair.quote ? fee : feeCurrency === pair.base ? fee * price : null;
}

/** Nine digits: what is told is compared by eye. */
function rounded(value: number): number {
  return Number(value.toPrecision(9));
}
