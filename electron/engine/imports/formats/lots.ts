/** What the user says of sizes that are counted in lots or contracts: how many units one of them is. */
import { failure } from '../../../../shared/base/errors';
import type { ReadContext } from '../format';
import { parseNumber } from '../numbers';
import { OpenQuestion } from '../questions';

/**
 * Units of a lot as the user named them, `100000` for all or `XAUUSD=100,US30=1` by symbol; null where nothing was said of it.
 * `symbolOf` brings the names to the form that is asked for. Throws an `OpenQuestion` where a size is no number above zero.
 */
export function toldLots(context: ReadContext, symbolOf: (name: string) => string): (symbol: string) => number | null {
  const told = new Map<string, number>();
  let forAll: number | null = null;
  for (const part of (context.lotSize ?? '').split(',')) {
    if (part.trim() === '') continue;
    const [name, units] = part.includes('=') ? (part.split('=', 2) as [string, string]) : ['', part]; // a split at the sign that is there gives two
    const value = parseNumber(units);
    if (value === null || !(value > 0)) throw wrongLotSize(part);
    if (name === '') forAll = value;
    else told.set(symbolOf(name.trim()), value);
  }
  return (symbol) => told.get(symbol) ?? forAll;
}

function wrongLotSize(text: string): OpenQuestion {
  const message = `"${text}" is no size of a lot.`;
  return new OpenQuestion(
    failure('invalid-arguments', message, 'Write 100000 for all symbols, or XAUUSD=100,US30=1.', { lotSize: text }),
    { field: 'lotSize', message, assumed: null, options: [] },
  );
}
