import { conventionText, statisticConventions } from '../../../../shared/parity/conventions';
import type { StatisticFigure, Statistics } from '../../../../shared/parity/statistics';
import { differenceIn, noFigureWords, type StatisticRow } from '../../../../shared/parity/statistics-words';
import { ScrollSection } from '../../../components/ScrollSection';
import { Tooltip } from '../../../components/Tooltip';
import { formatFigureWithUnit, UNKNOWN_TEXT } from '../../../format';

/** Figures in rows: live, backtest, difference. What there is no number for says why. */
export function StatisticsTable(props: {
  readonly label: string;
  readonly statistics: Statistics;
  readonly rows: readonly StatisticRow[];
}) {
  const { label, statistics, rows } = props;
  const { live, backtest, sharpeThreshold } = statistics;
  const told = rows.filter(({ id }) => live[id].reason !== 'not-enough-days');
  if (told.length === 0) return null;
  return (
    <ScrollSection className="statistics-scroll" label={label}>
      <table className="statistics-table">
        <thead>
          <tr>
            <th scope="col">Figure</th>
            <th scope="col">Live</th>
            <th scope="col">Backtest</th>
            <th scope="col">Difference</th>
          </tr>
        </thead>
        <tbody>
          {told.map((row) => {
            const convention = statisticConventions[row.id];
            const apart = differenceIn(statistics, row.id);
            return (
              <tr key={row.id}>
                <th scope="row">
                  <Tooltip text={conventionText(convention)}>
                    <span className="explained">
                      {convention.title.replace('the threshold', String(sharpeThreshold))}
                    </span>
                  </Tooltip>
                </th>
                <Cell figure={live[row.id]} row={row} />
                <Cell figure={backtest[row.id]} row={row} />
                {apart === null ? <td>{UNKNOWN_TEXT}</td> : <Cell figure={apart} row={{ ...row, signed: true }} />}
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollSection>
  );
}

function Cell({ figure: { value, reason }, row }: { readonly figure: StatisticFigure; readonly row: StatisticRow }) {
  if (value === null) return <td className="muted">{reason === null ? UNKNOWN_TEXT : noFigureWords[reason]}</td>;
  return <td className="figures">{formatFigureWithUnit(value, row.unit, { signed: row.signed })}</td>;
}
