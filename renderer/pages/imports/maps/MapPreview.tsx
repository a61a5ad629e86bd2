import { CircleAlert, TriangleAlert } from 'lucide-react';
import type { LivePreview } from '../../../api/use-live-preview';
import { ScrollSection } from '../../../components/ScrollSection';
import { InlineError, Skeleton } from '../../../components/States';
import { formatCount, formatCountOf } from '../../../format';
import { PreviewTable } from '../PreviewTable';

/** The beginning of the file as the draft reads it: first executions, rows that cannot be read and why, what is still missing. */
export function MapPreview({
  preview: { value, error, reading },
  missing,
  header,
  rows,
  withFile,
}: {
  readonly preview: LivePreview;
  readonly missing: readonly string[];
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly withFile: boolean;
}) {
  return (
    <section className="panel" aria-label="Live preview">
      <header className="panel-header">
        <h2>As it would be stored</h2>
        <div className="panel-aside" role="status">
          {reading ? 'Reading again…' : summary(value, missing, error !== null)}
        </div>
      </header>
      {missing.length > 0 && (
        <div className="map-missing">
          <CircleAlert className="mark mark-warn" size={16} aria-hidden="true" />
          <div>
            <strong>Still missing</strong>
            <ul>
              {missing.map((what) => (
                <li key={what}>{what}</li>
              ))}
            </ul>
          </div>
        </div>
      )}
      {!withFile && (
        <p className="panel-body muted">
          A saved map has no rows to show. Drop a file with this header on the window: it is read by this map, and its
          rows are shown here while you change it.
        </p>
      )}
      {missing.length === 0 && error !== null && (
        <div className="panel-body">
          <InlineError error={error} />
        </div>
      )}
      {missing.length === 0 && withFile && value === null && error === null && <Skeleton lines={4} />}
      {missing.length === 0 && value !== null && (
        <div className={error === null ? undefined : 'map-outdated'}>
          {value.warnings.length > 0 && (
            <ul className="import-card-warnings panel-body">
              {value.warnings.map((warning) => (
                <li key={warning}>
                  <TriangleAlert className="mark mark-warn" size={14} aria-hidden="true" />
                  {warning}
                </li>
              ))}
            </ul>
          )}
          {value.executions.length > 0 && <PreviewTable executions={value.executions} height="min(504px, 46vh)" />}
          {value.quarantined.length > 0 && (
            <div className="panel-body">
              <h3 className="mark-warn">
                {formatCountOf(value.quarantined.length, 'row')} of the first cannot be read
              </h3>
              <ul className="import-card-unread">
                {value.quarantined.map((row) => (
                  <li key={row.line}>
                    <span className="figures muted">line {formatCount(row.line)}</span> {row.reason}
                    <code title={row.text}>{row.text}</code>
                  </li>
                ))}
              </ul>
            </div>
          )}
          {value.executions.length === 0 && value.quarantined.length === 0 && (
            <p className="panel-body muted">No executions in its beginning.</p>
          )}
        </div>
      )}
      {missing.length > 0 && rows.length > 0 && <FirstRows header={header} rows={rows} />}
    </section>
  );
}

function summary(value: LivePreview['value'], missing: readonly string[], failed: boolean): string {
  if (missing.length > 0 || failed || value === null) return '';
  const bad = value.quarantined.length;
  return `First ${formatCountOf(value.executions.length, 'execution')}${bad === 0 ? '' : `, ${formatCountOf(bad, 'row')} not read`}`;
}

/** The file as it is, until something can be read from it. */
function FirstRows({
  header,
  rows,
}: {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}) {
  return (
    <ScrollSection className="map-first-rows" label="First rows of the file">
      <table>
        <thead>
          <tr>
            {header.map((cell, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns are told apart by their place alone
              <th key={index} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, 12).map((cells, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows are told apart by their place alone
            <tr key={row}>
              {cells.map((cell, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                <td key={index}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollSection>
  );
}
