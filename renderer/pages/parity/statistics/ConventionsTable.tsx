import type { Convention } from '../../../../shared/parity/conventions';
import { ScrollSection } from '../../../components/ScrollSection';
import './statistics.css';

const columns: readonly (readonly [title: string, of: (convention: Convention) => string])[] = [
  ['How', ({ formula }) => formula],
  ['Divisor', ({ deviation }) => deviation],
  ['To a year', ({ annualised }) => annualised],
  ['Risk-free', ({ riskFree }) => riskFree],
  ['Sign', ({ sign }) => sign],
  ['When the data cannot say', ({ empty }) => empty],
  ['As', ({ source }) => source],
];

/** How figures are counted, one to a row: definitions of one name differ between tools. */
export function ConventionsTable({ of }: { readonly of: readonly Convention[] }) {
  return (
    <ScrollSection className="statistics-scroll" label="How figures are counted">
      <table className="conventions">
        <thead>
          <tr>
            <th scope="col">Figure</th>
            {columns.map(([title]) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {of.map((convention) => (
            <tr key={convention.title}>
              <th scope="row">{convention.title}</th>
              {columns.map(([title, text]) => (
                <td key={title}>{text(convention)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollSection>
  );
}
