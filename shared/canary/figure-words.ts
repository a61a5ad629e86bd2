/** Figures in sentences. */

const decimalsOf: Readonly<Record<string, number>> = {
  percent: 2,
  ratio: 2,
  count: 0,
  ms: 0,
  'bps/day': 1,
  bps: 1,
  points: 1,
  minutes: 1,
};

/** `1.20 %`, `18.4 bps/day`; more digits where fewer would read like `beside`, which it is not. */
export function worded(value: number, unit: string, beside: number | null = null): string {
  const decimals = decimalsOf[unit] ?? 2;
  const short = value.toFixed(decimals);
  const digits =
    beside !== null && value !== beside && short === beside.toFixed(decimals)
      ? String(Number(value.toPrecision(9)))
      : short;
  const word = { percent: '%', ratio: '', count: '' }[unit] ?? unit;
  return word === '' ? digits : `${digits} ${word}`;
}

/** A limit as it was written: 20, not 20.0. */
export function wordedLimit(limit: number, unit: string): string {
  const word = { percent: '%', ratio: '', count: '' }[unit] ?? unit;
  return word === '' ? String(limit) : `${limit} ${word}`;
}
