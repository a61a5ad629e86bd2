import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { FailureError } from '../../../shared/base/errors';
import { isUtcDay, type UtcDay } from '../../../shared/base/time';
import { reportFilesOutputSchemaId } from '../../../shared/contract/output';
import type { PairRow, Report } from '../../../shared/parity/document';
import type { Desk } from '../../engine/desk';
import { reportFailure } from '../report-failure';
import { describeReport } from '../report-text';
import type { Session } from '../session';
import { exitCode, usageFailure } from '../terminal';

export interface ReportOptions {
  readonly strategy: string;
  readonly symbol?: string;
  readonly day?: string;
  readonly from?: string;
  readonly to?: string;
  readonly out?: string;
  readonly orders?: boolean;
}

export async function writeReport(session: Session, options: ReportOptions): Promise<number> {
  const { terminal, json } = session;
  if (options.orders && options.out !== undefined) {
    throw new FailureError(usageFailure('--orders does not go with --out.', 'Leave one of them out.'));
  }
  return session.withDesk('existing', async (desk) => {
    const { strategy, symbol = null } = options;
    const { from, to } = await rangeOf(desk, options);
    if (options.out !== undefined) return writeFiles(session, desk, options.out, strategy, symbol, from, to);
    if (options.orders && from !== to) {
      throw new FailureError(usageFailure('--orders is for one day.', 'Name it with --day.'));
    }
    const { report } = await desk.parity.report(strategy, symbol, from, to);
    const pairs = options.orders ? await pairsOf(desk, report, from) : null;
    if (json) terminal.out(`${JSON.stringify(pairs === null ? report : { ...report, pairs })}\n`);
    else terminal.out(describeReport(report, pairs));
    return exitCode.done;
  });
}

/** Days asked for; the latest day with data where none is. */
export async function rangeOf(
  desk: Desk,
  options: Pick<ReportOptions, 'strategy' | 'symbol' | 'day' | 'from' | 'to'>,
): Promise<{ readonly from: UtcDay; readonly to: UtcDay }> {
  const day = dayOption('--day', options.day);
  const first = dayOption('--from', options.from);
  const last = dayOption('--to', options.to);
  if (day !== null && (first !== null || last !== null)) {
    throw new FailureError(usageFailure('--day does not go with --from and --to.', 'Name one day, or a range.'));
  }
  if (day !== null) return { from: day, to: day };
  const span = await desk.parity.span(options.strategy);
  if (first !== null || last !== null) {
    const range = { from: first ?? span.from, to: last ?? span.to };
    if (range.from <= range.to) return range;
    throw new FailureError(usageFailure(`--from ${range.from} is after --to ${range.to}.`, 'Swap the two days.'));
  }
  if (options.symbol === undefined) return { from: span.to, to: span.to };
  const { strategy, symbol } = options;
  const latest = (await desk.store.executions.segments({ strategy, symbol })).at(-1)?.key.day ?? span.to;
  return { from: latest, to: latest };
}

/** The day an option names; null when it is not given, a usage failure when it is no day. */
export function dayOption(name: string, text: string | undefined): UtcDay | null {
  if (text === undefined) return null;
  if (isUtcDay(text)) return text;
  throw new FailureError(usageFailure(`${name} ${text} is no day.`, 'Write it YYYY-MM-DD, for example 2026-01-31.'));
}

async function pairsOf(
  desk: Desk,
  report: Report,
  day: UtcDay,
): Promise<readonly (PairRow & { readonly symbol: string })[]> {
  const { strategy, symbol } = report.key;
  const symbols = symbol === null ? report.symbols.map((part) => part.symbol) : [symbol];
  const rows: (PairRow & { readonly symbol: string })[] = [];
  for (const name of symbols) {
    const { pairs } = (await desk.parity.open({ strategy, symbol: name, day })).result;
    for (const row of pairs.select({ kind: 'all', sort: 'time', descending: false })) {
      rows.push({ ...pairs.pairRowAt(row), symbol: name });
    }
  }
  return rows;
}

/** One file per day: of the symbol, or of the portfolio and of each of its symbols. */
async function writeFiles(
  { terminal, json }: Session,
  desk: Desk,
  directory: string,
  strategy: string,
  symbol: string | null,
  from: UtcDay,
  to: UtcDay,
): Promise<number> {
  const folder = resolve(directory);
  const reports = [...(await desk.parity.daily(strategy, symbol, from, to))];
  if (symbol === null) {
    const segments = await desk.store.executions.segments({ strategy, from, to });
    for (const name of new Set(segments.map((segment) => segment.key.symbol))) {
      reports.push(...(await desk.parity.daily(strategy, name, from, to)));
    }
  }
  if (reports.length === 0) await desk.parity.report(strategy, symbol, from, to);
  const files = [];
  try {
    await mkdir(folder, { recursive: true });
    for (const report of reports) {
      const file = join(
        folder,
        `${fileNameOf(strategy)}_${fileNameOf(report.key.symbol ?? 'portfolio')}_${report.key.from}.json`,
      );
      await writeFile(file, `${JSON.stringify(report)}\n`);
      files.push({ file, strategy, symbol: report.key.symbol, day: report.key.from, status: report.status });
    }
  } catch (thrown) {
    throw reportFailure(thrown, folder);
  }
  if (json) terminal.out(`${JSON.stringify({ schema: reportFilesOutputSchemaId, directory: folder, files })}\n`);
  else for (const { file, status } of files) terminal.out(`${status.padEnd(7)}  ${file}\n`);
  return exitCode.done;
}

/** Letters, digits, dot and dash stay; everything else becomes a dash, so that the name is a name on every system. */
function fileNameOf(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}.-]+/gu, '-').replace(/^\.+/, '-');
}
