import { describe, expect, it } from 'vitest';
import { type Confusion, confusionOf, foundShare } from './confusion';
import { type Evidence, type Injection, injections } from './injected-day';

// The whole table is made by `npm run causes`; here a smaller part of it, and each cause alone.
const mixed = (evidence: Evidence, noiseBps: number) =>
  confusionOf(20, { orders: 60, evidence, rate: 0.5, secondRate: 0.2, kinds: injections, noiseBps }, 'mixed');

const apart = ({ money }: Confusion, kind: Injection) => money.get(kind)!.apart / money.get(kind)!.injected;

describe('the main cause of an order is the one that was injected', () => {
  it.each(injections)('one order of the day: %s, with its money', (kind) => {
    const confusion = confusionOf(
      6,
      { orders: 30, evidence: 'arrival', rate: 0.06, secondRate: 0, kinds: [kind], noiseBps: 0 },
      'alone',
    );
    expect(foundShare(confusion, kind)).toBe(1);
    expect(apart(confusion, kind)).toBeLessThan(0.05);
  });

  it('of a day of many, with arrival prices', () => {
    const confusion = mixed('arrival', 0.3);
    for (const kind of injections) {
      expect([kind, foundShare(confusion, kind) >= 0.95]).toEqual([kind, true]);
      expect([kind, apart(confusion, kind) < 0.15]).toEqual([kind, true]);
    }
    expect(confusion.severalFound).toBeGreaterThan(0.95 * confusion.several);
  });

  it('of a day of many, with prices and fill times alone: lateness loses some orders to execution, the others none', () => {
    const confusion = mixed('prices', 0);
    for (const kind of injections) {
      const least = kind === 'late' ? 0.8 : 0.97;
      expect([kind, foundShare(confusion, kind) >= least]).toEqual([kind, true]);
    }
  });

  it('without prices: what the backtest’s price source did is in execution, and nothing else is confused', () => {
    const confusion = mixed('fills', 0);
    for (const kind of injections) expect(foundShare(confusion, kind)).toBe(kind === 'priceSource' ? 0 : 1);
    expect(confusion.orders.get('priceSource')).toEqual(new Map([['execution', expect.any(Number)]]));
  });
});
