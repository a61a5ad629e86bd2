/**
 * Binance spot trade history since 2021: every amount carries its coin (`62.5USDT`). The header is translated into the user's language:
 * where its words are not known, the seven columns are read by position.
 */
import { pairSymbol, parsePair } from '../../../../shared/market/symbols';
import type { Format } from '../format';
import { type AmountWithUnit, decimalMarkOf, parseAmountWithUnit } from '../numbers';
import { utcZone } from '../times';
import { amountCheck, shortYearReader } from './columns';
import { columnIndex, hasColumns, normaliseHeader } from './header';
import { execution, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const names = ['pair', 'side', 'price', 'executed', 'amount', 'fee'];
const timeNames = ['date(utc)', 'time', 'date'];
const width = 7;
const amountShape = /^[\d.,]+(?:E[-+]?\d+)?\s*[0-9]*[A-Z][A-Z0-9]*$/i;

export const binanceSpotTradesV3: Format = {
  id: 'binance-spot-trades-v3',
  title: 'Binance spot trade history',
  describes:
    'Every line is a fill; equal lines are fills of their own. The file has no ids and does not tell maker from taker.',
  kind: 'executions',
  exampleHeader: 'Date(UTC),Pair,Side,Price,Executed,Amount,Fee',
  exampleRows: ['2022-04-05 06:07:08,SOLUSDT,SELL,31.25,4SOL,125USDT,0.0003BNB'],
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited') return null;
    if (isNamed(sample.header)) {
      return { confidence: 0.99, reason: "header of Binance's spot trade history with Executed, Amount and Fee" };
    }
    if (sample.header.length !== width) return null;
    // A row that was quoted as a whole is one cell here; it is cut when it is read.
    const rows = sample.rows.filter((cells) => cells.length === width);
    const fits = rows.length > 0 && rows.every(hasShape);
    return fits
      ? {
          confidence: 0.85,
          reason: "seven columns shaped like Binance's spot trade history, header in another language",
        }
      : null;
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context, sample) {
      const header = normaliseHeader(rawHeader);
      const check = new RowCheck(decimalMarkOf(sample));
      const [timeAt, pairAt, sideAt, priceAt, executedAt, amountAt, feeAt] = (
        isNamed(header)
          ? [columnIndex(header, ...timeNames), ...names.map((name) => columnIndex(header, name))]
          : [0, 1, 2, 3, 4, 5, 6]
      ) as [number, number, number, number, number, number, number]; // one index for each column
      const choice = zoneChoice(context, header[timeAt] === 'date(utc)' ? utcZone : null);
      // Exports since 2023 are in the zone of the user's account.
      const time = shortYearReader(choice);
      const checkAmount = amountCheck(context, 'amount');
      return ({ cells, line }) => {
        check.reset();
        const executedAtUs = check.requiredTime('Date', cells[timeAt], time);
        const name = check.requiredText('Pair', cells[pairAt]).toUpperCase();
        const side = check.side('Side', cells[sideAt]);
        const price = check.positive('Price', cells[priceAt]);
        const pair = pairOfAmounts(name, cells[executedAt]!, cells[amountAt]!, check.decimalMark);
        if (pair === null)
          check.refuse(
            `Executed ${quoted(cells[executedAt])} and Amount ${quoted(cells[amountAt])} are not in the coins of ${quoted(name)}`,
          );
        const symbol = pair === null ? name : pairSymbol(pair);
        if (pair !== null && !(pair.executed.value > 0))
          check.refuse(`Executed is ${quoted(cells[executedAt])}, but must be above zero`);
        const fee = check.amountWithUnit('Fee', cells[feeAt], pair === null ? [] : [pair.base, pair.quote]);
        if (check.problem !== null || pair === null) return check.quarantine(symbol, executedAtUs);
        checkAmount(price, pair.executed.value, pair.amount.value, line);
        return {
          kind: 'executions',
          executions: [
            execution({
              venue: 'binance',
              symbol,
              side,
              price,
              quantity: pair.executed.value,
              fee: fee?.value ?? null,
              feeCurrency: fee?.unit ?? null,
              executedAtUs,
            }),
          ],
        };
      };
    },
  },
};

/** Whether the header has the words of the English export. */
function isNamed(header: readonly string[]): boolean {
  return hasColumns(header, names) && timeNames.some((name) => header.includes(name));
}

function hasShape(cells: readonly string[]): boolean {
  return (
    /^(?:\d{2}|\d{4})-\d\d?-\d\d? \d/.test(cells[0]!.trim()) &&
    /^[A-Z0-9]{5,}$/.test(cells[1]!.trim()) &&
    !amountShape.test(cells[3]!.trim()) &&
    cells.slice(4).every((cell) => amountShape.test(cell.trim()))
  );
}

/** The coins say where the pair's name divides: `5.11INCH` of `1INCHUSDT` is 5.1 of 1INCH, because Amount is in USDT. */
function pairOfAmounts(
  name: string,
  executedText: string,
  amountText: string,
  mark: '.' | ',',
): { base: string; quote: string; executed: AmountWithUnit; amount: AmountWithUnit } | null {
  const preferred = parsePair(name);
  const splits = preferred === null ? [] : [preferred.base.length];
  for (let at = 1; at < name.length; at++) splits.push(at);
  for (const at of splits) {
    const [base, quote] = [name.slice(0, at), name.slice(at)];
    const executed = parseAmountWithUnit(executedText, [base], mark);
    const amount = parseAmountWithUnit(amountText, [quote], mark);
    if (executed?.unit === base && amount?.unit === quote) return { base, quote, executed, amount };
  }
  return null;
}
