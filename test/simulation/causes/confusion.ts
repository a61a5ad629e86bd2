import { textAt } from '../../../shared/market/text-column';
import { pairKindCode } from '../../../shared/parity/attribution';
import { causeOf, causeReasons } from '../../../shared/parity/cause-names';
import { causesOfDay } from '../../../shared/parity/causes';
import { computeSymbolDay } from '../../../shared/parity/symbol-day';
import { type InjectedDayOptions, type Injection, injectedDay } from './injected-day';

/** How often the main cause found is the one injected, and how much of its money. */

export interface Confusion {
  /** Orders by injected and found cause, of the orders with one injection. */
  readonly orders: Map<Injection | 'none', Map<string, number>>;
  /** Orders with several injections, and those of them whose main cause is one of these. */
  several: number;
  severalFound: number;
  /** Money that an injection moved, and what was given to its cause, by injection; sizes added over the orders with that injection alone. */
  readonly money: Map<Injection, { injected: number; apart: number }>;
}

export function confusionOf(days: number, options: InjectedDayOptions, seed: string): Confusion {
  const confusion: Confusion = { orders: new Map(), several: 0, severalFound: 0, money: new Map() };
  for (let day = 0; day < days; day++) addDay(confusion, `${seed}|${day}`, options);
  return confusion;
}

function addDay(confusion: Confusion, seed: string, options: InjectedDayOptions): void {
  const { input, injected } = injectedDay(seed, options);
  const result = computeSymbolDay(input);
  const { shares } = causesOfDay({ result, prices: input.prices, settings: input.settings, clockOffsetMs: null });
  const { rows, live, backtest } = result.pairs;
  const given = new Map<number, Map<string, number>>();
  for (let at = 0; at < shares.count; at++) {
    const byCause = given.get(shares.row[at]!) ?? new Map<string, number>();
    const cause = causeOf(causeReasons[shares.reason[at]!]!);
    byCause.set(cause, (byCause.get(cause) ?? 0) + shares.money[at]!);
    given.set(shares.row[at]!, byCause);
  }
  for (let row = 0; row < rows.count; row++) {
    if (rows.kind[row] === pairKindCode.unfilled) continue;
    const [side, order] = rows.live[row]! >= 0 ? [live, rows.live[row]!] : [backtest, rows.backtest[row]!];
    const id = textAt(side.columns!.clientOrderId, side.orders.clientRow[order]!);
    const kinds = injected.get(id) ?? [];
    const found = causeOf(causeReasons[shares.main[row]!]!);
    if (kinds.length > 1) {
      confusion.several++;
      if (kinds.some((kind) => kind === found)) confusion.severalFound++;
      continue;
    }
    const [kind = 'none'] = kinds;
    const line = confusion.orders.get(kind) ?? new Map<string, number>();
    confusion.orders.set(kind, line.set(found, (line.get(found) ?? 0) + 1));
    if (kind === 'none') continue;
    const money = confusion.money.get(kind) ?? { injected: 0, apart: 0 };
    money.injected += Math.abs(rows.gap[row]!);
    money.apart += Math.abs(rows.gap[row]! - (given.get(row)?.get(kind) ?? 0));
    confusion.money.set(kind, money);
  }
}

/** Part of the orders with that injection alone whose main cause is it. */
export function foundShare({ orders }: Confusion, kind: Injection): number {
  const line = orders.get(kind) ?? new Map<string, number>();
  const total = [...line.values()].reduce((sum, count) => sum + count, 0);
  return (line.get(kind) ?? 0) / total;
}
