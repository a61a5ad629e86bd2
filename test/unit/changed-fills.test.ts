import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinedFills, keptFills, type PricedFills } from '../../shared/parity/changed-fills';

/** Fills at the instants, told apart by their price; the other columns follow from it. */
function fillsAt(instants: readonly number[], firstPrice: number): PricedFills {
  const atUs = [...instants].sort((a, b) => a - b);
  const column = (of: (price: number) => number) => Float64Array.from(atUs, (_, index) => of(firstPrice + index));
  return {
    fills: {
      count: atUs.length,
      executedAtUs: Float64Array.from(atUs),
      side: Int8Array.from(atUs, (_, index) => (index % 3 === 0 ? -1 : 1)),
      price: column((price) => price),
      quantity: column((price) => price / 8),
    },
    feeQuote: column((price) => (price % 5 === 0 ? Number.NaN : price / 16)),
  };
}

function rowsOf({ fills, feeQuote }: PricedFills): readonly (readonly number[])[] {
  return Array.from({ length: fills.count }, (_, row) =>
    [fills.executedAtUs, fills.side, fills.price, fills.quantity, feeQuote].map((column) => column[row]!),
  );
}

// Runs of neighbours both shorter and longer than what is copied as one piece.
const instants = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 120, size: 'max' });

describe('fills of a side with orders left out or put in', () => {
  it('keeps exactly the rows that are kept, in their order', () => {
    fc.assert(
      fc.property(instants, fc.array(fc.integer({ min: 0, max: 119 })), (at, dropped) => {
        const all = fillsAt(at, 1_000);
        const out = new Set(dropped);
        const kept = keptFills(all, (row) => !out.has(row));
        expect(rowsOf(kept)).toEqual(rowsOf(all).filter((_, row) => !out.has(row)));
        expect(kept.feeQuote.length).toBe(kept.fills.count);
      }),
    );
  });

  it('joins two lists in time order, of one instant the first list before the second', () => {
    fc.assert(
      fc.property(instants, fc.oneof(instants, fc.constant([]), fc.constant([30])), (a, b) => {
        const [first, second] = [fillsAt(a, 1_000), fillsAt(b, 2_000)];
        const expected = [...rowsOf(first), ...rowsOf(second)].sort((x, y) => x[0]! - y[0]!);
        expect(rowsOf(joinedFills(first, second))).toEqual(expected);
      }),
    );
  });
});
