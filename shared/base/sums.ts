/**
 * Compensated summation (Neumaier 1974): the error stays within a few units in the last place of the sum of magnitudes,
 * whatever the order of the addends. The rounding error of each addition is found by Knuth's two-sum, which gives the same bits as
 * Neumaier's without a comparison that a processor cannot foresee.
 */
export class CompensatedSum {
  private total = 0;
  private compensation = 0;

  add(value: number): void {
    const next = this.total + value;
    const added = next - this.total;
    this.compensation += this.total - (next - added) + (value - added);
    this.total = next;
  }

  get value(): number {
    return this.total + this.compensation;
  }
}

export function compensatedSum(values: Iterable<number>): number {
  const sum = new CompensatedSum();
  for (const value of values) sum.add(value);
  return sum.value;
}
