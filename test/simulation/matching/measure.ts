import { type Matching, matchOrders } from '../../../shared/parity/matching';
import { defaultParitySettings } from '../../../shared/parity/settings';
import { type KnownDay, knownDay } from '../../support/known-pairs';
import { nearestGreedily, zipInOrder } from './alternatives';
import type { NamedDifficulty } from './difficulties';

export interface Quality {
  /** Right pairs among those claimed, and among those there are. */
  readonly precision: number;
  readonly recall: number;
}

export interface Measured {
  readonly pairs: number;
  readonly ours: Quality;
  readonly zip: Quality;
  readonly greedy: Quality;
}

const { matchToleranceMs } = defaultParitySettings;

export function matchingOf({ live, backtest }: KnownDay): Matching {
  return matchOrders(
    live.orders,
    backtest.orders,
    live.columns.clientOrderId,
    backtest.columns.clientOrderId,
    matchToleranceMs,
  );
}

/** Precision and recall of the three ways over the days of seeds `first` to `first + seeds - 1`. */
export function measure({ name, day }: NamedDifficulty, seeds: number, first: number): Measured {
  const tallies = { ours: new Tally(), zip: new Tally(), greedy: new Tally() };
  for (let seed = first; seed < first + seeds; seed++) {
    const known = knownDay(`${name} ${seed}`, day);
    const { live, backtest } = known;
    tallies.ours.add(known, matchingOf(known).backtestOf);
    tallies.zip.add(known, zipInOrder(live.orders, backtest.orders));
    tallies.greedy.add(known, nearestGreedily(live.orders, backtest.orders, matchToleranceMs));
  }
  return {
    pairs: tallies.ours.there,
    ours: tallies.ours.quality,
    zip: tallies.zip.quality,
    greedy: tallies.greedy.quality,
  };
}

class Tally {
  there = 0;
  private claimed = 0;
  private right = 0;

  add({ live, backtest, pairs }: KnownDay, backtestOf: Int32Array): void {
    this.there += pairs;
    for (let order = 0; order < backtestOf.length; order++) {
      const partner = backtestOf[order]!;
      if (partner < 0) continue;
      this.claimed++;
      if (live.identity[order] === backtest.identity[partner]) this.right++;
    }
  }

  get quality(): Quality {
    return { precision: this.claimed === 0 ? 1 : this.right / this.claimed, recall: this.right / this.there };
  }
}
