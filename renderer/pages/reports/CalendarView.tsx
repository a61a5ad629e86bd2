import { ChevronLeft, ChevronRight, Download } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Failure } from '../../../shared/base/errors';
import { isUtcDay } from '../../../shared/base/time';
import type { CallResult } from '../../../shared/contract/calls';
import type { ParityStatus } from '../../../shared/parity/document';
import { useQuery } from '../../api/use-query';
import { Button, IconButton } from '../../components/Button';
import { SelectField } from '../../components/Field';
import { Page, Panel } from '../../components/Page';
import { ProgressBar } from '../../components/Progress';
import { Answer, EmptyState, InlineError } from '../../components/States';
import { StatusMark } from '../../components/StatusBadge';
import { formatCountOf, formatFigureWithUnit, formatMoney } from '../../format';
import { isTyping } from '../../frame/keys';
import { goTo } from '../../state/address';
import { useOverlays } from '../../state/overlays';
import { addresses } from '../addresses';
import { FirstSteps } from '../imports/FirstSteps';
import { exportReports, type ReportFormat, type Selection } from './exports';
import { daysOfMonth, monthAfter } from './route';

type Calendar = CallResult<'reports.calendar'>;
type Cell = Calendar['reports'][number];

/** A month of a strategy: which day of which symbol has which parity status. */
export function CalendarView({ strategy, month }: { readonly strategy: string | null; readonly month: string | null }) {
  const overview = useQuery('desk.overview', { strategy, days: 1 });
  const strategies = overview.value?.strategies ?? [];
  const shown = strategy ?? overview.value?.strategy ?? null;
  const lastDay = strategies.find((one) => one.strategy === shown)?.lastDay ?? null;
  const at = month ?? lastDay?.slice(0, 7) ?? null;
  const calendar = useQuery('reports.calendar', shown === null || at === null ? null : { strategy: shown, month: at });
  return (
    <Page
      title="Reports"
      lead="Every day’s parity status, as a page to print and as files to keep."
      actions={
        shown !== null &&
        strategies.length > 0 && (
          <SelectField
            label="Strategy"
            hideLabel
            value={shown}
            onChange={(chosen) => goTo(addresses.reports(chosen, at))}
            groups={[{ title: null, options: strategies.map((one) => ({ value: one.strategy, title: one.strategy })) }]}
          />
        )
      }
    >
      <Answer query={overview} skeletonLines={10}>
        {() =>
          shown === null || at === null ? (
            strategies.length === 0 ? (
              <FirstSteps />
            ) : (
              <EmptyState title={`There is no strategy "${shown ?? ''}" with data.`} />
            )
          ) : (
            <Answer query={calendar} skeletonLines={10}>
              {(answer) => <Month strategy={shown} month={at} calendar={answer} />}
            </Answer>
          )
        }
      </Answer>
    </Page>
  );
}

const letters: Readonly<Record<ParityStatus, string>> = { PASS: 'P', WARN: 'W', FAIL: 'F', UNKNOWN: '?' };

function Month({ strategy, month, calendar }: { strategy: string; month: string; calendar: Calendar }) {
  const days = daysOfMonth(month);
  const rows = [null, ...calendar.symbols];
  const byPlace = useMemo(
    () => new Map(calendar.reports.map((report) => [`${report.symbol ?? ''}|${report.day}`, report])),
    [calendar],
  );
  const href = (to: string) => addresses.reports(strategy, to);
  const [before, after] = [monthAfter(month, -1), monthAfter(month, 1)];
  const hasBefore = before >= calendar.firstDay.slice(0, 7);
  const hasAfter = after <= calendar.lastDay.slice(0, 7);
  useMonthKeys(hasBefore ? href(before) : null, hasAfter ? href(after) : null);
  return (
    <>
      <Panel
        title={
          <span className="reports-month">
            <IconButton
              icon={ChevronLeft}
              label="Month before (k)"
              disabled={!hasBefore}
              onClick={() => goTo(href(before))}
            />
            <span className="figures" aria-live="polite">
              {monthName(month)}
            </span>
            <IconButton
              icon={ChevronRight}
              label="Month after (j)"
              disabled={!hasAfter}
              onClick={() => goTo(href(after))}
            />
          </span>
        }
        aside={<Legend reports={calendar.reports} />}
        flush
      >
        {calendar.reports.length === 0 ? (
          <EmptyState title={`${strategy} did not trade in ${monthName(month)}.`}>
            Its data reaches from {calendar.firstDay} to {calendar.lastDay}.
          </EmptyState>
        ) : (
          <Grid strategy={strategy} days={days} rows={rows} byPlace={byPlace} />
        )}
      </Panel>
      {calendar.reports.length > 0 && <ExportMonth strategy={strategy} month={month} calendar={calendar} />}
    </>
  );
}

function Legend({ reports }: { readonly reports: readonly Cell[] }) {
  const counts = (Object.keys(letters) as ParityStatus[]).map((status) => ({
    status,
    count: reports.filter((report) => report.symbol === null && report.status === status).length,
  })); // the keys of an exhaustive record
  return (
    <span className="reports-legend">
      {counts.map(({ status, count }) => (
        <span key={status}>
          <StatusMark status={status} /> {letters[status]} {status} <span className="figures">{count}</span>
        </span>
      ))}
      <span className="muted">portfolio days</span>
    </span>
  );
}

/** One stop for Tab; the arrows go from report to report. */
function Grid(props: {
  readonly strategy: string;
  readonly days: readonly string[];
  readonly rows: readonly (string | null)[];
  readonly byPlace: ReadonlyMap<string, Cell>;
}) {
  const { strategy, days, rows, byPlace } = props;
  const table = useRef<HTMLTableElement>(null);
  const last = days.findLast((day) => byPlace.has(`|${day}`)) ?? null;
  const [stop, setStop] = useState(`|${last}`);
  const current = byPlace.has(stop) ? stop : `|${last}`;
  const move = (event: React.KeyboardEvent) => {
    const step = ({ ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] } as const)[event.key];
    if (step === undefined) return;
    const [symbol = '', day = ''] = splitPlace(current);
    let [row, column] = [rows.indexOf(symbol === '' ? null : symbol), days.indexOf(day)];
    for (;;) {
      row += step[0];
      column += step[1];
      const [name, on] = [rows[row], days[column]];
      if (name === undefined || on === undefined) break;
      const place = `${name ?? ''}|${on}`;
      if (!byPlace.has(place)) continue; // a day without trading is passed over
      setStop(place);
      table.current?.querySelector<HTMLElement>(`[data-place="${CSS.escape(place)}"]`)?.focus();
      break;
    }
    event.preventDefault();
  };
  return (
    <div className="reports-scroll">
      <table ref={table} className="reports-calendar" onKeyDown={move}>
        <caption className="visually-hidden">Reports by symbol and day; the arrow keys go from one to the next</caption>
        <thead>
          <tr>
            <th scope="col">Symbol</th>
            {days.map((day) => (
              <th key={day} scope="col" className="figures" data-weekend={isWeekend(day) || undefined}>
                <abbr title={day}>{Number(day.slice(8))}</abbr>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((symbol) => (
            <tr key={symbol ?? ''} data-portfolio={symbol === null || undefined}>
              <th scope="row">{symbol ?? 'Portfolio'}</th>
              {days.map((day) => {
                const place = `${symbol ?? ''}|${day}`;
                const report = byPlace.get(place);
                return (
                  <td key={day} data-weekend={isWeekend(day) || undefined}>
                    {report && (
                      <a
                        href={addresses.report(strategy, symbol, day)}
                        data-place={place}
                        tabIndex={place === current ? 0 : -1}
                        onFocus={() => setStop(place)}
                        title={describe(report)}
                        aria-label={`${symbol ?? 'Portfolio'} ${describe(report)}`}
                      >
                        <StatusMark status={report.status} />
                        <span aria-hidden="true">
                          {letters[report.status]}
                          {report.revision > 1 && <sup>{report.revision}</sup>}
                        </span>
                      </a>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The day stands behind the last bar: a symbol may hold one. */
function splitPlace(place: string): readonly [string, string] {
  const at = place.lastIndexOf('|');
  return [place.slice(0, at), place.slice(at + 1)];
}

function describe({ day, status, worstTrackingBps, gap, currency, revision }: Cell): string {
  const revised = revision > 1 ? `, revision ${revision}` : '';
  return `${day}: ${status}, worst tracking ${formatFigureWithUnit(worstTrackingBps, 'bpsPerDay')}, gap ${formatMoney(gap, currency, { signed: true })}${revised}`;
}

function isWeekend(day: string): boolean {
  return [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
}

function monthName(month: string): string {
  return new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${month}-01T00:00:00Z`),
  );
}

function useMonthKeys(before: string | null, after: string | null): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (useOverlays.getState().open !== null) return;
      const href = event.key === 'k' ? before : event.key === 'j' ? after : null;
      if (href !== null) goTo(href);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [before, after]);
}

const formats: readonly { readonly value: ReportFormat; readonly title: string }[] = [
  { value: 'json', title: 'JSON documents' },
  { value: 'html', title: 'Web pages' },
  { value: 'pdf', title: 'PDF, one page each' },
  { value: 'csv', title: 'CSV of orders' },
];

function ExportMonth({ strategy, month, calendar }: { strategy: string; month: string; calendar: Calendar }) {
  const [format, setFormat] = useState<ReportFormat>('pdf');
  const [scope, setScope] = useState('portfolio');
  const [running, setRunning] = useState<{ readonly made: number; readonly stop: AbortController } | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const [refused, setRefused] = useState<Failure | null>(null);
  const selections: readonly Selection[] = calendar.reports.flatMap(({ symbol, day }) => {
    const wanted =
      scope === 'all'
        ? !(format === 'csv' && symbol === null)
        : scope === 'portfolio'
          ? symbol === null
          : `=${symbol}` === scope;
    return wanted && isUtcDay(day) ? [{ strategy, symbol, from: day, to: day, revision: null }] : [];
  });
  async function start(): Promise<void> {
    const stop = new AbortController();
    setRunning({ made: 0, stop });
    setSaid(null);
    setRefused(null);
    const part = scope === 'all' ? 'all' : scope === 'portfolio' ? 'portfolio' : scope.slice(1);
    const name = `${[strategy, part, month, format].map((word) => word.replaceAll(/[^\p{L}\p{N}.-]+/gu, '-')).join('_')}.zip`;
    const saved = await exportReports(name, selections, format, (made) => setRunning({ made, stop }), stop.signal);
    setRunning(null);
    if (!saved.ok && saved.error.code === 'cancelled') setSaid('Export cancelled');
    else if (!saved.ok) setRefused(saved.error);
    else setSaid(saved.value === null ? null : `Saved ${saved.value.name}`);
  }
  return (
    <Panel title={`Take ${monthName(month)} along`}>
      <div className="reports-export">
        <SelectField
          label="Reports"
          value={scope}
          onChange={setScope}
          disabled={running !== null}
          groups={[
            {
              title: null,
              options: [
                { value: 'portfolio', title: 'Portfolio' },
                { value: 'all', title: 'Portfolio and every symbol' },
                ...calendar.symbols.map((symbol) => ({ value: `=${symbol}`, title: symbol })),
              ],
            },
          ]}
        />
        <SelectField
          label="As"
          value={format}
          onChange={(chosen) => setFormat(formats.find(({ value }) => value === chosen)?.value ?? 'pdf')}
          disabled={running !== null}
          groups={[{ title: null, options: formats }]}
        />
        {running === null ? (
          <Button icon={Download} look="primary" disabled={selections.length === 0} onClick={() => void start()}>
            Export {formatCountOf(selections.length, 'file')} as zip
          </Button>
        ) : (
          <>
            <ProgressBar label="Export" share={running.made / Math.max(1, selections.length)} />
            <span className="figures">
              {running.made} of {selections.length}
            </span>
            <Button onClick={() => running.stop.abort()}>Cancel</Button>
          </>
        )}
        <span className="muted" role="status">
          {said}
        </span>
      </div>
      {refused !== null && <InlineError error={refused} />}
    </Panel>
  );
}
