import { failure } from '../../../shared/base/errors';
import { pairOfSymbol, splitsInDoubt } from '../../../shared/market/symbols';
import type { RowOutcome } from './format';
import { OpenQuestion } from './questions';

/**
 * Instruments whose name is written without a separator and can be taken apart in two ways. Which is meant is asked, and the answer
 * holds for the whole file; what the row itself decides (by naming the coin elsewhere) is not asked.
 */
export class GluedSymbols {
  /** What the user said, by the name without separator. */
  private readonly said = new Map<string, string>();
  /** Symbols that need no look at their row. */
  private readonly settled = new Set<string>();
  private lastSettled = '';

  /** @param hint symbols of the user, divided by commas; null = none were given */
  constructor(private readonly hint: string | null) {
    for (const symbol of (hint ?? '').split(',')) {
      const pair = pairOfSymbol(symbol.trim().toUpperCase());
      if (pair !== null) this.said.set(pair.base + pair.quote, `${pair.base}/${pair.quote}`);
    }
  }

  /** Whether the symbol stands as the format read it, whatever its row says. */
  isSettled(symbol: string): boolean {
    // Most rows repeat the symbol before them, and a look into a set is dear.
    if (symbol === this.lastSettled) return true;
    if (this.settled.has(symbol)) {
      this.lastSettled = symbol;
      return true;
    }
    const pair = pairOfSymbol(symbol);
    const name = pair === null ? '' : pair.base + pair.quote;
    const isPlain = pair === null || (!this.said.has(name) && splitsInDoubt(name).length === 0);
    // A hostile file may name a new instrument on every line.
    if (isPlain && this.settled.size < 10_000) this.settled.add(symbol);
    return isPlain;
  }

  /** The outcome with its symbols as the user split them. Throws `OpenQuestion` where that is still to be said. */
  outcome(outcome: RowOutcome, text: () => string): RowOutcome {
    switch (outcome.kind) {
      case 'executions':
        return {
          ...outcome,
          executions: outcome.executions.map((one) => this.split(one, text)),
          ...(outcome.orderEvents && { orderEvents: outcome.orderEvents.map((one) => this.split(one, text)) }),
        };
      case 'orderEvents':
        return { ...outcome, orderEvents: outcome.orderEvents.map((one) => this.split(one, text)) };
      case 'change':
        return { ...outcome, change: this.split(outcome.change, text) };
      case 'prices':
      case 'other':
      case 'quarantine':
        return outcome;
    }
  }

  private split<Row extends { readonly symbol: string; readonly venue: string | null }>(
    row: Row,
    text: () => string,
  ): Row {
    if (this.isSettled(row.symbol)) return row;
    const pair = pairOfSymbol(row.symbol);
    if (pair === null) return row;
    const name = pair.base + pair.quote;
    const written = text().toUpperCase();
    // Names with a separator, and rows that name the base by itself (0.5FOO, Fee Coin FOO), leave no doubt.
    const standsAlone = new RegExp(`(?:^|[^A-Z])${pair.base}(?![A-Z0-9])`).test(written.replaceAll(name, ' '));
    if (!written.includes(name) || standsAlone) return row;
    const symbol = this.said.get(name);
    if (symbol !== undefined)
      return symbol === row.symbol ? row : { ...row, symbol, ...this.feeCurrency(row, pair, symbol) };
    // Binance has markets in BUSD and TUSD, and none in dollars.
    if (row.venue === 'binance') return row;
    throw this.question(name);
  }

  /** A fee in one of the coins of the pair is in the coin that the answer makes of it. */
  private feeCurrency(row: object, before: { readonly base: string; readonly quote: string }, symbol: string): object {
    const after = pairOfSymbol(symbol);
    const fee = 'feeCurrency' in row ? row.feeCurrency : null;
    if (after === null || (fee !== before.base && fee !== before.quote)) return {};
    return { feeCurrency: fee === before.base ? after.base : after.quote };
  }

  private question(name: string): OpenQuestion {
    const options = splitsInDoubt(name);
    const message = `The instrument "${name}" can be ${options.join(' or ')}.`;
    const given = this.said.size > 0 && this.hint !== null ? `${this.hint}, ` : '';
    return new OpenQuestion(
      failure(
        'format-ambiguous',
        message,
        `Say which: "Symbol" on the Imports page, --symbol "${given}${options[0] ?? ''}" on the command line.`,
        { name },
      ),
      {
        field: 'symbol',
        message,
        assumed: null,
        options: options.map((symbol) => ({ value: `${given}${symbol}`, reason: `"${name}" is then ${symbol}` })),
      },
    );
  }
}
