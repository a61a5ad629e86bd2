import { useState } from 'react';
import type { Report } from '../../../shared/parity/document';
import { Choice } from '../../components/Choice';
import { ScrollSection } from '../../components/ScrollSection';
import { formatFigure } from '../../format';

type Kind = 'pearson' | 'spearman';
type Matrix = NonNullable<Report['correlation']>;

function cellOf(matrix: Matrix, a: string, b: string) {
  return matrix.pairs.find((pair) => (pair.a === a && pair.b === b) || (pair.a === b && pair.b === a)) ?? null;
}

/** What the first component says in words: one common cause, or each symbol its own. */
function componentWords(share: number | null, symbols: number): string {
  if (share === null) return '';
  const own = 1 / symbols;
  const common = (share - own) / (1 - own);
  const reading =
    common > 0.6
      ? 'mostly one common cause: look at what all symbols share (clock, fee tier, gateway)'
      : common < 0.25
        ? 'mostly causes of their own'
        : 'partly a common cause';
  return `The first principal component holds ${formatFigure(share, 'percent')} % of the variance: ${reading}.`;
}

/** How the symbols' differences move together within the day. */
export function Correlation({ matrix }: { readonly matrix: Matrix }) {
  const [kind, setKind] = useState<Kind>('pearson');
  const { symbols } = matrix;
  return (
    <div className="correlation">
      <div className="symbols-bar">
        <span className="muted">{componentWords(matrix.firstComponentShare, symbols.length)}</span>
        <Choice
          label="Kind of correlation"
          options={[
            { value: 'pearson', title: 'Pearson' },
            { value: 'spearman', title: 'Spearman' },
          ]}
          chosen={kind}
          onChoose={setKind}
        />
      </div>
      <ScrollSection className="correlation-scroll" label="Correlation matrix">
        <table>
          <thead>
            <tr>
              <td />
              {symbols.slice(0, -1).map((symbol) => (
                <th key={symbol} scope="col">
                  {symbol}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {symbols.slice(1).map((row, place) => (
              <tr key={row}>
                <th scope="row">{row}</th>
                {symbols.slice(0, place + 1).map((column) => {
                  const pair = cellOf(matrix, row, column);
                  const value = pair?.[kind] ?? null;
                  return (
                    <td
                      key={column}
                      className="figures"
                      title={`${row} and ${column}: ${pair === null ? 'no' : pair.intervals} common intervals`}
                      style={value === null ? undefined : { background: shade(value) }}
                    >
                      {value === null ? `n ${pair?.intervals ?? 0}` : formatFigure(value, 'ratio', { signed: true })}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollSection>
      <p className="muted">
        Correlation of live minus backtest, interval by interval within the day, −1 to +1. Pairs with fewer than 10
        common intervals are not correlated: n is how many they have.
      </p>
    </div>
  );
}

function shade(value: number): string {
  const percent = Math.round(Math.min(1, Math.abs(value)) * 45);
  return `color-mix(in srgb, var(${value < 0 ? '--warn' : '--pass'}) ${percent}%, transparent)`;
}
