import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { type Failure, FailureError, failure } from '../../../shared/base/errors';
import { fail, type Result } from '../../../shared/base/result';
import { formatIsoUs } from '../../../shared/base/time';
import type { DateOrder } from '../../../shared/contract/calls';
import { type ImportFileOutput, type ImportOutput, importOutputSchemaId } from '../../../shared/contract/output';
import type { Source } from '../../../shared/market/executions';
import type { Desk } from '../../engine/desk';
import { requireOwnDesk } from '../../engine/handlers/imports';
import { contentsOfFolder } from '../../engine/imports/folder';
import { formatById, readyMaps } from '../../engine/imports/formats';
import {
  createImportService,
  type ImportJob,
  type ImportOutcome,
  type ImportService,
} from '../../engine/imports/import-service';
import type { PrintedRow, ReadHints } from '../../engine/imports/import-task';
import { printExecution, printOrderEvent } from '../../engine/imports/print';
import { holdsNoTrades } from '../../engine/imports/read-source';
import { type SavedMap, savedMaps } from '../../engine/imports/saved-maps';
import type { ImportStore } from '../../engine/ports';
import { createProgress, type Progress } from '../progress';
import type { Session } from '../session';
import { exitCode, usageFailure, writeFailure } from '../terminal';
import { counted } from '../text';
import { mapsOfDesk } from './maps';

export interface ImportOptions {
  readonly source?: Source;
  readonly strategy?: string;
  readonly version?: string;
  readonly account?: string;
  readonly format?: string;
  readonly map?: string;
  readonly zone?: string;
  readonly symbol?: string;
  readonly dateOrder?: DateOrder;
  readonly lotSize?: string;
  readonly dryRun?: boolean;
  readonly print?: boolean;
  readonly quiet?: boolean;
}

const quarantinedListed = 10_000;
const quarantinedShown = 5;

/** Imports the files one after the other; a file that fails does not stop the others. */
export async function importFiles(session: Session, paths: readonly string[], options: ImportOptions): Promise<number> {
  const { terminal, json } = session;
  if (options.print && !options.dryRun) {
    throw new FailureError(
      usageFailure('--print goes with --dry-run.', 'Add --dry-run: it prints and stores nothing.'),
    );
  }
  const interrupt = new AbortController();
  const stopListening = terminal.onInterrupt(() => interrupt.abort());
  const progress = createProgress(terminal, options.quiet === true);
  const outputs: ImportFileOutput[] = [];
  const found = await filesOf(paths);

  const each = async (
    importOne: (job: ImportJob, progress: Progress) => Promise<Result<ImportOutcome>>,
    imports: ImportService,
    desk: Desk | null,
    keptMaps: readonly SavedMap[],
  ) => {
    const hints = await hintsOf(options, keptMaps);
    for (const { path, name, inFolder } of found.files) {
      if (interrupt.signal.aborted) break;
      progress.start(name);
      const job = await jobOf(resolve(path), name, options, hints, imports);
      const outcome = job.ok ? await importOne(job.value, progress) : job;
      progress.end();
      if (!outcome.ok && inFolder && holdsNoTrades(outcome.error)) {
        found.notRead.push({ path, reason: outcome.error.message });
        continue;
      }
      const output = outcome.ok
        ? await outputOf(
            path,
            outcome.value,
            desk,
            job.ok ? await openQuestions(outcome.value, job.value, imports) : [],
          )
        : failedOutput(path, outcome.error);
      outputs.push(output);
      if (!json && !options.print && !options.quiet) terminal.out(describe(name, output));
      else if (options.print && !json) terminal.err(describe(name, output));
      if (!outcome.ok && !json) writeFailure(terminal, outcome.error, false);
    }
  };

  try {
    if (options.dryRun) {
      const keptMaps = await mapsOfDesk(session);
      const { tasks, openForeignDatabase, clock, ids } = session.parts('existing');
      const imports = createImportService({
        store: noStore,
        runner: tasks,
        openForeignDatabase,
        clock,
        ids,
        maps: async () => keptMaps.map(({ text }) => text),
      });
      const sink = options.print ? (rows: readonly PrintedRow[]) => printRows(session, rows) : null;
      try {
        await each(
          (job) =>
            imports.dryRun(job, sink, interrupt.signal, (read) =>
              progress.show(read.bytesRead, read.sizeBytes, counted(read.rowsRead, 'row')),
            ),
          imports,
          null,
          keptMaps,
        );
      } finally {
        await imports.close();
        await tasks.close();
      }
    } else {
      await session.withDesk('create', async (desk) => {
        requireOwnDesk(desk);
        const stopProgress = desk.imports.onProgress(([running]) => {
          if (running) progress.show(running.bytesRead, running.sizeBytes, counted(running.rowsRead, 'row'));
        });
        await each(
          (job) => {
            const id = desk.imports.start(job);
            const cancel = () => void desk.imports.cancel(id);
            interrupt.signal.addEventListener('abort', cancel, { once: true });
            return desk.imports.wait(id).finally(() => interrupt.signal.removeEventListener('abort', cancel));
          },
          desk.imports,
          desk,
          await savedMaps(desk.store.settings),
        );
        stopProgress();
      });
    }
  } finally {
    progress.end();
    stopListening();
  }
  const total = totalOf(outputs);
  if (!json && !options.quiet && (found.hasFolder || found.notRead.length > 0)) {
    const text = describeFolder(total, found.notRead);
    if (options.print) terminal.err(text);
    else terminal.out(text);
  }
  if (json) {
    const output: ImportOutput = {
      ...{ schema: importOutputSchemaId, dryRun: options.dryRun === true, files: outputs },
      ...{ notRead: found.notRead, total },
    };
    const document = `${JSON.stringify(output)}\n`;
    // With --print the rows are the output, and what is said about them goes beside it.
    if (options.print) terminal.err(document);
    else terminal.out(document);
  }
  if (interrupt.signal.aborted) return exitCode.interrupted;
  // A folder in which nothing is a log was named by mistake.
  return outputs.length > 0 && total.failed === 0 ? exitCode.done : exitCode.error;
}

interface FoundFiles {
  readonly files: readonly { readonly path: string; readonly name: string; readonly inFolder: boolean }[];
  readonly notRead: { path: string; reason: string }[];
  readonly hasFolder: boolean;
}

/** The files that were named, folders walked to the end. */
async function filesOf(paths: readonly string[]): Promise<FoundFiles> {
  const files: { path: string; name: string; inFolder: boolean }[] = [];
  const notRead: { path: string; reason: string }[] = [];
  let hasFolder = false;
  for (const path of paths) {
    const folder = await contentsOfFolder(path);
    if (folder === null) files.push({ path, name: basename(path), inFolder: false });
    else {
      hasFolder = true;
      files.push(...folder.files.map((file) => ({ ...file, inFolder: true })));
      notRead.push(...folder.passedOver);
    }
  }
  return { files, notRead, hasFolder };
}

function totalOf(outputs: readonly ImportFileOutput[]): ImportOutput['total'] {
  const sum = (count: (output: ImportFileOutput) => number) =>
    outputs.reduce((total, output) => total + count(output), 0);
  return {
    files: outputs.length,
    failed: sum(({ failure: reason }) => (reason === null ? 0 : 1)),
    rowsRead: sum(({ rowsRead }) => rowsRead),
    executions: sum(({ executions }) => executions),
    orderEvents: sum(({ orderEvents }) => orderEvents),
    otherRows: sum(({ otherRows }) => otherRows),
    duplicates: sum(({ duplicates }) => duplicates),
    quarantinedRows: sum(({ quarantinedRows }) => quarantinedRows),
    fills: sum(({ fills }) => fills),
  };
}

function describeFolder(total: ImportOutput['total'], notRead: ImportOutput['notRead']): string {
  const lines = notRead.map(({ path, reason }) => `not read: ${path}: ${reason}`);
  const failed = total.failed === 0 ? '' : `, ${total.failed.toLocaleString('en')} of them failed`;
  lines.push(
    `In all ${counted(total.files, 'file')}${failed}, ${notRead.length.toLocaleString('en')} not read; ${counted(total.rowsRead, 'row')}: ` +
      `${counted(total.fills, 'fill')}, ${counted(total.orderEvents, 'order event')}, ${counted(total.otherRows, 'other row')}, ` +
      `${counted(total.duplicates, 'duplicate')}, ${total.quarantinedRows.toLocaleString('en')} in quarantine`,
  );
  return `${lines.join('\n')}\n`;
}

/** `--map` is a file, or the id of a map that ships or that the desk keeps. */
export async function hintsOf(
  options: Pick<ImportOptions, 'format' | 'map' | 'zone' | 'symbol' | 'dateOrder' | 'lotSize'>,
  keptMaps: readonly SavedMap[],
): Promise<ReadHints> {
  const { format = null, map = null, zone = null, symbol = null, dateOrder = null, lotSize = null } = options;
  if (format !== null && formatById(format) === null && !keptMaps.some(({ id }) => id === format)) {
    throw new FailureError(usageFailure(`There is no format "${format}".`, 'Run "lockstep formats" for the list.'));
  }
  if (map === null) return { format, map, zone, symbol, dateOrder, lotSize };
  const isFile = await stat(map).then(
    (found) => found.isFile(),
    () => false,
  );
  if (isFile) return { format, map: await readFile(map, 'utf8'), zone, symbol, dateOrder, lotSize };
  if ([...readyMaps, ...keptMaps].some(({ id }) => id === map))
    return { format, map, zone, symbol, dateOrder, lotSize };
  throw new FailureError(
    failure(
      'file-missing',
      `There is no map file ${map}, and no map of that name.`,
      'Run "lockstep formats" for the maps that ship, "lockstep maps" for those this desk keeps.',
      {
        path: map,
      },
    ),
  );
}

/** The source is what the user says, else what the content itself tells; prices have none. */
async function jobOf(
  path: string,
  name: string,
  options: ImportOptions,
  hints: ReadHints,
  imports: ImportService,
): Promise<Result<ImportJob>> {
  const described = {
    file: { path, name, uploaded: false },
    strategy: options.strategy ?? null,
    version: options.version ?? null,
    account: options.account ?? null,
    hints,
  };
  if (options.source) return { ok: true, value: { ...described, source: options.source } };
  const preview = await imports.preview({ ...described, source: null, limit: 1 });
  if (!preview.ok) return preview;
  const { impliedSource, format } = preview.value.recognised;
  const source = impliedSource ?? (formatById(format)?.kind === 'prices' ? 'live' : null);
  if (source !== null) return { ok: true, value: { ...described, source } };
  return fail(
    failure(
      'usage',
      `${name} does not say whether it is a backtest or a live log.`,
      'Add --source live or --source backtest.',
      { path },
    ),
  );
}

async function printRows({ terminal }: Session, rows: readonly PrintedRow[]): Promise<void> {
  let text = '';
  for (const row of rows) {
    if (row.type === 'execution') text += `${printExecution(row)}\n`;
    else if (row.type === 'order') text += `${printOrderEvent(row)}\n`;
    else
      text += `${JSON.stringify({ type: 'price', symbol: row.symbol, price: row.price, atUs: row.atUs, at: formatIsoUs(row.atUs) })}\n`;
  }
  terminal.out(text);
  await terminal.drained();
}

/** What an import had to assume, with what the desk's prices say of it. */
async function openQuestions(
  { zoneAssumed }: ImportOutcome,
  job: ImportJob,
  imports: ImportService,
): Promise<ImportFileOutput['questions']> {
  if (zoneAssumed === null) return [];
  const preview = await imports.preview({ ...job, limit: 1 });
  if (!preview.ok) return [];
  return preview.value.questions
    .filter(({ assumed }) => assumed !== null)
    .map((question) => ({ ...question, options: [...question.options] }));
}

async function outputOf(
  path: string,
  outcome: ImportOutcome,
  desk: Desk | null,
  questions: ImportFileOutput['questions'],
): Promise<ImportFileOutput> {
  const { rowsRead, executions, orderEvents, otherRows, duplicates, quarantined: quarantinedRows } = outcome.counts;
  let quarantined = outcome.quarantined.map(({ line, reason, text }) => ({ line, reason, text }));
  if (desk !== null && outcome.importId !== null && quarantinedRows > quarantined.length) {
    const page = { offset: 0, limit: quarantinedListed };
    const { rows } = await desk.store.imports.quarantined(outcome.importId, page);
    quarantined = rows.map(({ line, reason, text }) => ({ line, reason, text }));
  }
  return {
    path,
    format: outcome.format,
    confidence: outcome.confidence,
    reason: outcome.reason,
    rowsRead,
    executions,
    orderEvents,
    otherRows,
    duplicates,
    quarantined,
    quarantinedRows,
    firstUs: outcome.firstUs,
    lastUs: outcome.lastUs,
    symbols: [...outcome.symbols],
    fills: outcome.fills,
    merged: outcome.merged,
    strategies: [...outcome.strategies],
    otherRowNames: { ...outcome.otherRowNames },
    warnings: [...outcome.warnings],
    zoneAssumed: outcome.zoneAssumed,
    questions: [...questions],
    importId: outcome.importId,
    failure: null,
  };
}

function failedOutput(path: string, error: Failure): ImportFileOutput {
  return {
    path,
    format: null,
    confidence: null,
    reason: null,
    rowsRead: 0,
    executions: 0,
    orderEvents: 0,
    otherRows: 0,
    duplicates: 0,
    quarantined: [],
    quarantinedRows: 0,
    firstUs: null,
    lastUs: null,
    symbols: [],
    fills: 0,
    merged: 0,
    strategies: [],
    otherRowNames: {},
    warnings: [],
    zoneAssumed: null,
    questions: [],
    importId: null,
    failure: error,
  };
}

function describe(name: string, output: ImportFileOutput): string {
  if (output.failure !== null) return `${name}: nothing stored\n`;
  const others = Object.entries(output.otherRowNames).map(([row, count]) => `${count} ${row}`);
  const parts = [
    counted(output.executions, 'execution row'),
    ...(output.fills === output.executions ? [] : [`${counted(output.fills, 'fill')} in them`]),
    ...(output.orderEvents > 0 ? [counted(output.orderEvents, 'order event')] : []),
    ...(output.otherRows > 0 ? [`${counted(output.otherRows, 'other row')} (${others.join(', ')})`] : []),
    ...(output.duplicates > 0 ? [counted(output.duplicates, 'duplicate')] : []),
    ...(output.merged > 0 ? [`${output.merged.toLocaleString('en')} merged with what other logs tell`] : []),
    ...(output.quarantinedRows > 0 ? [`${output.quarantinedRows.toLocaleString('en')} in quarantine`] : []),
  ];
  const lines = [
    `${name}: ${output.format} (${output.reason})`,
    `  ${counted(output.rowsRead, 'row')}: ${parts.join(', ')}`,
  ];
  if (output.firstUs !== null && output.lastUs !== null) {
    lines.push(
      `  ${formatIsoUs(output.firstUs)} to ${formatIsoUs(output.lastUs)}, ${output.symbols.slice(0, 12).join(', ')}`,
    );
  }
  for (const warning of output.warnings) lines.push(`  note: ${warning}`);
  for (const { field, assumed, options } of output.questions) {
    const [likeliest] = options;
    if (field !== 'zone' || likeliest === undefined || likeliest.value === assumed) continue;
    lines.push(`  note: the zone may be ${likeliest.value}: ${likeliest.reason}`);
  }
  for (const { line, reason } of output.quarantined.slice(0, quarantinedShown)) lines.push(`  line ${line}: ${reason}`);
  const more = output.quarantinedRows - quarantinedShown;
  if (more > 0) lines.push(`  and ${more.toLocaleString('en')} more in quarantine`);
  return `${lines.join('\n')}\n`;
}

/** A dry run has no store; whoever asks for one made a mistake. */
const asked = () => Promise.reject(new Error('A dry run has no store.'));
const noStore: ImportStore = {
  begin: asked,
  resume: asked,
  list: asked,
  get: asked,
  quarantined: asked,
  quarantineReasons: asked,
  quarantinedById: asked,
  changeQuarantine: asked,
  reading: asked,
  merged: asked,
  toldElsewhere: asked,
};
