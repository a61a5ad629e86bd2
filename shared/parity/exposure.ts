import type { ExecutionColumns } from '../market/columns';
import type { OrderTable } from '../market/orders';

/** Gross exposure over the day as step functions, from which the capital is estimated where none is configured or allocated. */

/** A step function: from each instant on, the value. */
export interface Steps {
  readonly atUs: Float64Array;
  readonly value: Float64Array;
}

/** |position| * price of one side at the start of the day and after each fill. */
export function exposureSteps(
  columns: ExecutionColumns | null,
  positionAtStart: number,
  openingMark: number,
  startUs: number,
): Steps {
  const fills = columns?.count ?? 0;
  const atUs = new Float64Array(fills + 1);
  const value = new Float64Array(fills + 1);
  atUs[0] = startUs;
  value[0] = positionAtStart === 0 || Number.isNaN(openingMark) ? 0 : Math.abs(positionAtStart * openingMark);
  let position = positionAtStart;
  if (columns !== null) {
    const { side, quantity, price } = columns;
    atUs.set(columns.executedAtUs.subarray(0, fills), 1);
    for (let row = 0; row < fills; row++) {
      position += side[row]! * quantity[row]!;
      value[row + 1] = Math.abs(position * price[row]!);
    }
  }
  return { atUs, value };
}

/** The highest value; at least zero. */
export function peakOf({ value }: Steps): number {
  let highest = 0;
  for (let step = 0; step < value.length; step++) if (value[step]! > highest) highest = value[step]!;
  return highest;
}

/** Notional of the largest filled order. */
export function largestNotional(orders: OrderTable): number {
  const { notional, filledCount } = orders;
  let largest = 0;
  for (let order = 0; order < filledCount; order++) largest = Math.max(largest, Math.abs(notional[order]!));
  return largest;
}

/** Sum of step functions, by halves. What changes at one instant changes together: a switch between symbols is no peak. */
export function addedSteps(steps: readonly Steps[]): Steps {
  const [first, second] = steps;
  if (first === undefined) return { atUs: new Float64Array(0), value: new Float64Array(0) };
  if (second === undefined) return first;
  const half = steps.length >> 1;
  const a = addedSteps(steps.slice(0, half));
  const b = addedSteps(steps.slice(half));
  const atUs = new Float64Array(a.atUs.length + b.atUs.length);
  const value = new Float64Array(atUs.length);
  let size = 0;
  let i = 0;
  let j = 0;
  while (i < a.atUs.length || j < b.atUs.length) {
    const instant = j === b.atUs.length || (i < a.atUs.length && a.atUs[i]! <= b.atUs[j]!) ? a.atUs[i]! : b.atUs[j]!;
    while (i < a.atUs.length && a.atUs[i] === instant) i++;
    while (j < b.atUs.length && b.atUs[j] === instant) j++;
    atUs[size] = instant;
    value[size++] = (i > 0 ? a.value[i - 1]! : 0) + (j > 0 ? b.value[j - 1]! : 0);
  }
  return { atUs: atUs.subarray(0, size), value: value.subarray(0, size) };
}
