import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { FailureError } from '../../../shared/base/errors';
import { isUtcDay, type UtcDay } from '../../../shared/base/time';
import { reportFilesOutputSchemaId } from '../../../shared/contract/output';
import type { PairRow, ParityStatus, Report } from '../../../shared/parity/document';
import { publishedReport } from '../../../shared/parity/published';
import type { Desk } from '../../engine/desk';
import { type ReportFormat, type ReportSelection, reportFormats } from '../../engine/reports/report-service';
import { sheetName } from '../../engine/reports/sheet';
import type { Paper } from '../../engine/reports/sheet-pdf';
import { reportFailure } from '../report-failure';
import { describeReport } from '../report-text';
import type { Session } from '../session';
import { exitCode, usageFailure } from '../terminal';
import { ZipFile } from '../zip-file';

export interface ReportOptions {
  readonly strategy: string;
  readonly symbol?: string;
  readonly day?: string;
  readonly from?: string;
  readonly to?: string;
  readonly revision?: string;
  readonly format?: ReportFormat;
  readonly paper?: 'a4' | 'letter';
  readonly output?: string;
  readonly out?: string;
  readonly orders?: boolean;
}

export async function writeReport(session: Session, given: Partial<ReportOptions>): Promise<number> {
  // Not required of the parser, which would ask it of the commands below this one too.
  if (given.strategy === undefined) {
    throw new FailureError(usageFailure('The strategy is missing.', 'Name it with --strategy.'));
  }
  const options: ReportOptions = { ...given, strategy: given.strategy };
  const { terminal, json } = session;
  const output = options.output ?? options.out;
  const format = options.format ?? (output === undefined ? null : formatOfName(output));
  if (options.orders && (output !== undefined || format !== null)) {
    throw new FailureError(
      usageFailure('--orders does not go with --format and --output.', 'Use --format csv for the orders as a table.'),
    );
  }
  if (options.output !== undefined && options.out !== undefined) {
    throw new FailureError(usageFailure('--out and --output are the same.', 'Leave one of them out.'));
  }
  return session.withDesk('existing', async (desk) => {
    const { strategy, symbol = null } = options;
    const { from, to } = await rangeOf(desk, options);
    const selection: ReportSelection = { strategy, symbol, from, to, revision: revisionOption(options.revision) };
    const paper = options.paper === 'letter' ? 'LETTER' : 'A4';
    if (output !== undefined) return writeFiles(session, desk, output, format ?? 'json', paper, selection);
    if (format !== null && format !== 'json') return printFile(session, desk, format, selection);
    if (options.orders && from !== to) {
      throw new FailureError(usageFailure('--orders is for one day.', 'Name it with --day.'));
    }
    const report = await desk.reports.report(selection);
    const pairs = options.orders ? await pairsOf(desk, report, from) : null;
    if (json || format === 'json') {
      const document = publishedReport(report);
      terminal.out(`${JSON.stringify(pairs === null ? document : { ...document, pairs })}\n`);
    } else terminal.out(describeReport(report, pairs));
    return exitCode.done;
  });
}

/** The file itself on standard output, for a pipe. */
async function printFile(
  { terminal }: Session,
  desk: Desk,
  format: 'html' | 'pdf' | 'csv',
  selection: ReportSelection,
): Promise<number> {
  if (format === 'pdf') {
    throw new FailureError(usageFailure('A PDF is not written to a terminal.', 'Name its file with --output.'));
  }
  if (format === 'csv') for await (const piece of desk.reports.orders(selection)) terminal.out(piece);
  else terminal.out(new TextDecoder().decode((await desk.reports.file(selection, format, 'A4')).content));
  return exitCode.done;
}

/** What the file's name says of its format; null where it is a folder or an archive. */
function formatOfName(name: string): ReportFormat | null {
  return reportFormats.find((format) => name.endsWith(`.${format}`)) ?? null;
}

function revisionOption(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new FailureError(usageFailure(`--revision ${text} is no revision.`, 'Write a whole number from 1 on.'));
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

/** The report as one file, or with a folder or archive one file per day: of the symbol, or of the portfolio and each of its symbols. */
async function writeFiles(
  { terminal, json }: Session,
  desk: Desk,
  output: string,
  format: ReportFormat,
  paper: Paper,
  selection: ReportSelection,
): Promise<number> {
  const target = resolve(output);
  const { strategy, symbol, from, to } = selection;
  const written: {
    file: string;
    strategy: string;
    symbol: string | null;
    from: string;
    to: string;
    status: ParityStatus;
  }[] = [];
  const note = (file: string, { key, status }: Report) =>
    written.push({ file, strategy, symbol: key.symbol, from: key.from, to: key.to, status });
  const made = async (part: ReportSelection) => (await desk.reports.file(part, format, paper)).content;
  try {
    if (target.endsWith(`.${format}`)) {
      const report = await desk.reports.report(selection);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, format === 'csv' ? desk.reports.orders(selection) : await made(selection));
      note(target, report);
    } else {
      const reports = await desk.reports.daily(strategy, symbol, from, to);
      if (reports.length === 0) await desk.parity.report(strategy, symbol, from, to);
      const archive = target.endsWith('.zip') ? new ZipFile(target) : null;
      await mkdir(archive ? dirname(target) : target, { recursive: true });
      for (const report of reports) {
        const { key } = report;
        // The portfolio's orders are those of its symbols, which have tables of their own.
        if (format === 'csv' && key.symbol === null) continue;
        const day = key.from as UtcDay /* a daily report's key is the day it was made for */;
        const part = { ...selection, symbol: key.symbol, from: day, to: day };
        const name = `${sheetName(report)}.${format}`;
        if (archive) archive.add(name, await made(part));
        else await writeFile(join(target, name), format === 'csv' ? desk.reports.orders(part) : await made(part));
        note(archive ? name : join(target, name), report);
      }
      await archive?.close();
    }
  } catch (thrown) {
    throw reportFailure(thrown, target);
  }
  if (json) {
    const files = written.map(({ file, symbol: of, from: day, status }) => ({
      file,
      strategy,
      symbol: of,
      day,
      status,
    }));
    terminal.out(`${JSON.stringify({ schema: reportFilesOutputSchemaId, directory: target, files })}\n`);
  } else for (const { file, status } of written) terminal.out(`${status.padEnd(7)}  ${file}\n`);
  return exitCode.done;
}
