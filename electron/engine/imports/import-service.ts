import type { Clock, Ids } from '../../../shared/base/clock';
import { type Failure, FailureError, failure, toFailure } from '../../../shared/base/errors';
import { fail, ok, type Result } from '../../../shared/base/result';
import { DAY_US } from '../../../shared/base/time';
import type { ImportProgress } from '../../../shared/contract/calls';
import type { Source } from '../../../shared/market/executions';
import type {
  ExecutionStore,
  ForeignDatabase,
  ImportSession,
  ImportStore,
  OpenForeignDatabase,
  ToldElsewhere,
} from '../ports';
import type { TaskRunner } from '../worker/tasks';
import { fileState } from './file-state';
import type {
  ForeignHost,
  ImportHost,
  PreviewResult,
  PrintedRow,
  ReadHints,
  ReadProgress,
  ReadRequest,
  ReadSummary,
} from './import-task';
import { type CorrectedQuarantine, type RetriedQuarantine, retryRows } from './retry-quarantine';
import type { ColumnsResult } from './run-columns';
import { suggestedOffset, withSuggestedZone } from './zone-alignment';

/**
 * The imports of one desk: a queue of jobs that run one after the other, each a whole import or none of it. Reading and parsing
 * happen on a worker; this side holds the store's session, so that the desk's one writer stays the only one.
 */

export interface ImportFile {
  readonly path: string;
  /** What the user calls the file; of an upload the name the browser gave. */
  readonly name: string;
  /** An upload's path means nothing later and is not recorded. */
  readonly uploaded: boolean;
}

export interface ImportJob {
  readonly file: ImportFile;
  readonly source: Source;
  /** Used where a row does not name its strategy. */
  readonly strategy: string | null;
  readonly version: string | null;
  readonly account: string | null;
  readonly hints: ReadHints;
}

export const noHints: ReadHints = { format: null, map: null, zone: null, symbol: null };

export interface ImportOutcome extends ReadSummary {
  /** The job's id, as `start` gave it. */
  readonly id: string;
  /** Id of the import's record in the store; null for a dry run. */
  readonly importId: string | null;
  readonly file: ImportFile;
}

interface PreviewRequest extends Omit<ImportJob, 'source'> {
  readonly source: Source | null;
  /** Executions wanted, at most. */
  readonly limit: number;
}

export interface ImportEnded {
  readonly id: string;
  /** Id of the record it left in the store; null when it ended before there was one. */
  readonly importId: string | null;
  readonly fileName: string;
  readonly state: 'done' | 'failed' | 'cancelled';
  /** Why it did not end as done. */
  readonly failure: Failure | null;
}

export interface ImportService {
  /** What the content is, and its first executions. Reads no further than it must and stores nothing. */
  preview(request: PreviewRequest, signal?: AbortSignal): Promise<Result<PreviewResult>>;
  /** The columns of a delimited file and what they may mean. */
  columns(file: ImportFile, signal?: AbortSignal): Promise<Result<ColumnsResult>>;
  /** Queues the import and returns its id. */
  start(job: ImportJob): string;
  /** `not-found` when the job is unknown or has ended. What it brought so far is gone within a second. */
  cancel(id: string): Result<null>;
  /** The end of the job. `not-found` for an id that `start` never gave, or whose outcome was forgotten (the last 1,000 are kept). */
  wait(id: string): Promise<Result<ImportOutcome>>;
  /** The running job first, then those that wait. */
  running(): readonly ImportProgress[];
  /** Calls back at most ten times a second, and whenever a job starts or ends. */
  onProgress(listener: (running: readonly ImportProgress[]) => void): () => void;
  onEnded(listener: (ended: ImportEnded) => void): () => void;
  /**
   * Reads quarantined rows again with their corrected texts, those of one file together, so that rows which are one trade only
   * together can be fixed together. A row that can be used is fixed and its executions lead to its import and line; the others stay
   * open and their reason says why. Fails as a whole, with nothing stored, when a row is not open (`conflict`) or not there.
   */
  retry(rows: readonly CorrectedQuarantine[]): Promise<Result<readonly RetriedQuarantine[]>>;
  /**
   * Reads the whole file as an import would and hands its rows over in file order, without touching the store: duplicates are those
   * within the file. `sink` null = count only. The next rows wait until `sink` resolves.
   */
  dryRun(
    job: ImportJob,
    sink: ((rows: readonly PrintedRow[]) => Promise<void>) | null,
    signal?: AbortSignal,
    onProgress?: (progress: ReadProgress & { readonly sizeBytes: number }) => void,
  ): Promise<Result<ImportOutcome>>;
  /** Cancels what runs and waits until it is gone. */
  close(): Promise<void>;
}

export interface ImportServiceOptions {
  readonly store: ImportStore;
  readonly runner: TaskRunner;
  readonly openForeignDatabase: OpenForeignDatabase;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Texts of the maps the desk keeps, asked for before each reading; left out = it keeps none. */
  readonly maps?: () => Promise<readonly string[]>;
  /** Stored prices of a symbol, by which a preview suggests the zone of naive times; left out = it suggests none. */
  readonly prices?: ExecutionStore['prices'];
  /** One line for the log; left out = there is none. */
  readonly log?: (line: string) => void;
}

/** Fills of a preview that are compared with prices. */
const alignedFills = 200;
const progressEveryMs = 100;
const endedKept = 1_000;

export function createImportService(options: ImportServiceOptions): ImportService {
  return new Imports(options);
}

interface QueuedJob {
  readonly id: string;
  readonly job: ImportJob;
  readonly cancelling: AbortController;
  readonly ended: Promise<Result<ImportOutcome>>;
  readonly settle: (result: Result<ImportOutcome>) => void;
  state: 'queued' | 'running';
  importId: string | null;
  sizeBytes: number;
  startedMs: number;
  progress: ReadProgress;
}

class Imports implements ImportService {
  private readonly queue: QueuedJob[] = [];
  private readonly ended = new Map<string, Promise<Result<ImportOutcome>>>();
  private readonly progressListeners = new Set<(running: readonly ImportProgress[]) => void>();
  private readonly endedListeners = new Set<(ended: ImportEnded) => void>();
  private lastProgressMs = Number.NEGATIVE_INFINITY;
  private working = false;
  private lastTurn: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: ImportServiceOptions) {}

  async preview(request: PreviewRequest, signal?: AbortSignal): Promise<Result<PreviewResult>> {
    const databases = new Databases(this.options.openForeignDatabase);
    try {
      const { file, limit } = request;
      await fileState(file.path, file.name);
      const preview = await this.options.runner.run(
        'preview',
        { ...(await this.readRequest(request)), source: request.source, limit: Math.max(limit, alignedFills) },
        { host: databases, signal },
      );
      const questions = await this.withSuggestions(preview);
      const { executions, quarantined } = preview;
      return ok({
        ...preview,
        questions,
        executions: executions.slice(0, limit),
        quarantined: quarantined.slice(0, limit),
      });
    } catch (thrown) {
      return fail(toFailure(thrown));
    } finally {
      await databases.close();
    }
  }

  /** The questions, that of the zone with what stored prices say where the times are read as UTC only because nobody said otherwise. */
  private async withSuggestions({ questions, executions }: PreviewResult): Promise<PreviewResult['questions']> {
    const { prices } = this.options;
    const asked = questions.find(({ field, assumed }) => field === 'zone' && assumed === 'UTC');
    const symbol = executions[0]?.symbol;
    if (asked === undefined || prices === undefined || symbol === undefined) return questions;
    const fills = executions
      .filter((execution) => execution.symbol === symbol)
      .map(({ executedAtUs, price }) => ({ atUs: executedAtUs, price }));
    const times = fills.map(({ atUs }) => atUs);
    // Whatever the zone, the fills lie within a day of where they were read.
    const series = await prices(symbol, Math.min(...times) - DAY_US, Math.max(...times) + DAY_US);
    const suggestion = suggestedOffset(fills, series);
    if (suggestion === null) return questions;
    return questions.map((question) => (question === asked ? withSuggestedZone(asked, suggestion) : question));
  }

  async columns({ path, name }: ImportFile, signal?: AbortSignal): Promise<Result<ColumnsResult>> {
    try {
      return ok(await this.options.runner.run('columns', { path, name }, { host: {}, signal }));
    } catch (thrown) {
      return fail(toFailure(thrown));
    }
  }

  start(job: ImportJob): string {
    const id = this.options.ids.next('job');
    let settle: (result: Result<ImportOutcome>) => void = () => undefined;
    const ended = new Promise<Result<ImportOutcome>>((resolve) => {
      settle = resolve;
    });
    this.queue.push({
      id,
      job,
      cancelling: new AbortController(),
      ended,
      settle,
      state: 'queued',
      importId: null,
      sizeBytes: 0,
      startedMs: 0,
      progress: { bytesRead: 0, rowsRead: 0 },
    });
    this.emitProgress();
    void this.work();
    return id;
  }

  cancel(id: string): Result<null> {
    const queued = this.queue.find((candidate) => candidate.id === id);
    if (!queued) return fail(unknownJob(id));
    queued.cancelling.abort();
    if (queued.state === 'queued') this.end(queued, fail(cancelledImport(queued.job.file.name)));
    return ok(null);
  }

  async wait(id: string): Promise<Result<ImportOutcome>> {
    const ended = this.queue.find((candidate) => candidate.id === id)?.ended ?? this.ended.get(id);
    return ended ?? fail(unknownJob(id));
  }

  running(): readonly ImportProgress[] {
    const nowMs = this.options.clock.monotonicMs();
    return this.queue.map((queued) => {
      const { bytesRead, rowsRead } = queued.progress;
      const elapsedMs = nowMs - queued.startedMs;
      const told = queued.state === 'running' && elapsedMs >= 300 && bytesRead > 0;
      return {
        id: queued.id,
        fileName: queued.job.file.name,
        state: queued.state,
        bytesRead,
        sizeBytes: queued.sizeBytes,
        rowsRead,
        rowsPerSecond: told ? Math.round((rowsRead / elapsedMs) * 1_000) : 0,
        remainingMs: told ? Math.round((Math.max(0, queued.sizeBytes - bytesRead) / bytesRead) * elapsedMs) : null,
      };
    });
  }

  onProgress(listener: (running: readonly ImportProgress[]) => void): () => void {
    this.progressListeners.add(listener);
    return () => this.progressListeners.delete(listener);
  }

  onEnded(listener: (ended: ImportEnded) => void): () => void {
    this.endedListeners.add(listener);
    return () => this.endedListeners.delete(listener);
  }

  async dryRun(
    job: ImportJob,
    sink: ((rows: readonly PrintedRow[]) => Promise<void>) | null,
    signal?: AbortSignal,
    onProgress?: (progress: ReadProgress & { readonly sizeBytes: number }) => void,
  ): Promise<Result<ImportOutcome>> {
    const databases = new Databases(this.options.openForeignDatabase);
    try {
      const { sizeBytes } = await fileState(job.file.path, job.file.name);
      const summary = await this.options.runner.run(
        'import',
        { ...(await this.readRequest(job)), source: job.source, importId: null, print: sink !== null },
        {
          host: new DryRunHost(databases, sink),
          signal,
          onProgress: (progress) => onProgress?.({ ...progress, sizeBytes }),
        },
      );
      return ok({ ...summary, id: this.options.ids.next('job'), importId: null, file: job.file });
    } catch (thrown) {
      return fail(toFailure(thrown));
    } finally {
      await databases.close();
    }
  }

  async retry(rows: readonly CorrectedQuarantine[]): Promise<Result<readonly RetriedQuarantine[]>> {
    try {
      return ok(await this.inTurn(() => retryRows(rows, this.options)));
    } catch (thrown) {
      return fail(toFailure(thrown));
    }
  }

  async close(): Promise<void> {
    const left = [...this.queue];
    for (const queued of left) this.cancel(queued.id);
    await Promise.all(left.map((queued) => queued.ended));
    await this.lastTurn;
  }

  /** The store takes one session at a time, so that whoever needs one waits for the one before. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.lastTurn.then(work);
    this.lastTurn = turn.catch(() => undefined);
    return turn;
  }

  /** Runs the queue's jobs until none is left. Only one such loop runs. */
  private async work(): Promise<void> {
    if (this.working) return;
    this.working = true;
    for (let next = this.queue[0]; next; next = this.queue[0]) {
      next.state = 'running';
      next.startedMs = this.options.clock.monotonicMs();
      this.end(next, await this.inTurn(() => this.import(next)));
    }
    this.working = false;
  }

  private async import(queued: QueuedJob): Promise<Result<ImportOutcome>> {
    const { job, cancelling } = queued;
    const { file, source, version, account } = job;
    const databases = new Databases(this.options.openForeignDatabase);
    let session: ImportSession | null = null;
    try {
      queued.sizeBytes = (await fileState(file.path, file.name)).sizeBytes;
      this.emitProgress();
      const described = {
        fileName: file.name,
        path: file.uploaded ? null : file.path,
        sizeBytes: queued.sizeBytes,
        source,
        version,
        account,
      };
      session = await this.options.store.begin({ ...described, strategy: job.strategy ?? '' });
      queued.importId = session.importId;
      const summary = await this.options.runner.run(
        'import',
        {
          ...(await this.readRequest(job)),
          source,
          importId: session.importId,
          print: false,
          cutRows: await session.cutRows(),
        },
        {
          host: new SessionHost(session, databases),
          signal: cancelling.signal,
          onProgress: (progress) => {
            queued.progress = progress;
            this.emitProgress(progressEveryMs);
          },
        },
      );
      if (cancelling.signal.aborted) throw new FailureError(cancelledImport(file.name));
      if (summary.readAlone) this.options.log?.(`${file.name} was read by one thread: ${summary.readAlone}`);
      const damaged = nothingButDamage(summary, file);
      if (damaged) throw new FailureError(damaged);
      const repeated = await session.commit(
        {
          ...described,
          strategy: summary.strategies.join(', ') || (job.strategy ?? ''),
          format: summary.format,
          confidence: summary.confidence,
          reason: summary.reason,
          endedAtUs: this.options.clock.nowUs(),
          counts: summary.counts,
          merged: summary.merged,
          severalPerRow: summary.severalPerRow,
          cutLine: summary.cutLine,
          otherRowNames: summary.otherRowNames,
          firstUs: summary.firstUs,
          lastUs: summary.lastUs,
          symbols: summary.symbols,
          zoneAssumed: summary.zoneAssumed,
          failure: null,
        },
        summary.wholeRows,
      );
      const { duplicates, quarantined } = summary.counts;
      const counts = { ...summary.counts, duplicates: duplicates + repeated, quarantined: quarantined - repeated };
      const listed = counts.quarantined === 0 ? [] : summary.quarantined;
      const warnings = [...summary.warnings, ...(await this.elsewhere(session.importId))];
      return ok({ ...summary, warnings, counts, quarantined: listed, id: queued.id, importId: session.importId, file });
    } catch (thrown) {
      const reason = cancelling.signal.aborted ? cancelledImport(file.name) : toFailure(thrown);
      try {
        await session?.abandon(reason.code === 'cancelled' ? 'cancelled' : 'failed', reason);
      } catch (second) {
        // What the session holds is invisible without its commit; the store clears it at its next start.
        const left = toFailure(second);
        return fail({ ...reason, detail: { ...reason.detail, clearing: left.message } });
      }
      return fail(reason);
    } finally {
      await databases.close();
    }
  }

  /** What is to be said of trades stored twice. The import is done by now, whatever comes of the question. */
  private async elsewhere(importId: string): Promise<readonly string[]> {
    try {
      return (await this.options.store.toldElsewhere(importId)).map(elsewhereText);
    } catch (thrown) {
      return [
        `Whether its trades are stored under other words as well could not be told: ${toFailure(thrown).message}`,
      ];
    }
  }

  private async readRequest(job: Omit<ImportJob, 'source'>): Promise<Omit<ReadRequest, 'source'>> {
    return {
      path: job.file.path,
      name: job.file.name,
      strategy: job.strategy,
      version: job.version,
      account: job.account,
      hints: job.hints,
      maps: (await this.options.maps?.()) ?? [],
      nowUs: this.options.clock.nowUs(),
    };
  }

  private end(queued: QueuedJob, result: Result<ImportOutcome>): void {
    const place = this.queue.indexOf(queued);
    if (place < 0) return;
    this.queue.splice(place, 1);
    this.ended.set(queued.id, queued.ended);
    if (this.ended.size > endedKept) {
      const oldest = this.ended.keys().next();
      if (!oldest.done) this.ended.delete(oldest.value);
    }
    queued.settle(result);
    this.emitProgress();
    const state = result.ok ? 'done' : result.error.code === 'cancelled' ? 'cancelled' : 'failed';
    const ended: ImportEnded = {
      id: queued.id,
      importId: queued.importId,
      fileName: queued.job.file.name,
      state,
      failure: result.ok ? null : result.error,
    };
    for (const listener of this.endedListeners) listener(ended);
  }

  private emitProgress(notBeforeMs = 0): void {
    const nowMs = this.options.clock.monotonicMs();
    if (nowMs - this.lastProgressMs < notBeforeMs) return;
    this.lastProgressMs = nowMs;
    const running = this.running();
    for (const listener of this.progressListeners) listener(running);
  }
}

/** The one foreign database a job may have open. */
export class Databases implements ForeignHost {
  private open: ForeignDatabase | null = null;

  constructor(private readonly openForeignDatabase: OpenForeignDatabase) {}

  async openDatabase(path: string): ReturnType<ForeignHost['openDatabase']> {
    await this.close();
    const opened = await this.openForeignDatabase(path);
    if (!opened.ok) throw new FailureError(opened.error);
    this.open = opened.value;
    return { tables: await opened.value.tables(), warnings: opened.value.warnings };
  }

  async databaseRows(page: Parameters<ForeignHost['databaseRows']>[0]): ReturnType<ForeignHost['databaseRows']> {
    if (!this.open) throw new Error('no foreign database is open');
    return this.open.rows(page.table, page.offset, page.limit);
  }

  async close(): Promise<void> {
    const { open } = this;
    this.open = null;
    await open?.close();
  }
}

class SessionHost implements ImportHost {
  constructor(
    private readonly session: ImportSession,
    private readonly databases: Databases,
  ) {}

  openDatabase = (path: string) => this.databases.openDatabase(path);
  databaseRows = (page: Parameters<ForeignHost['databaseRows']>[0]) => this.databases.databaseRows(page);
  existingHashes: ImportHost['existingHashes'] = (keys) => this.session.existingHashes(keys);
  addParts: ImportHost['addParts'] = (parts) => this.session.addParts(parts);
  addOrderEvents: ImportHost['addOrderEvents'] = (events) => this.session.addOrderEvents(events);
  addPrices: ImportHost['addPrices'] = (points) => this.session.addPrices(points);
  addQuarantined: ImportHost['addQuarantined'] = (rows) => this.session.addQuarantined(rows);
  addReading: ImportHost['addReading'] = (reading) => this.session.addReading(reading);
  sharedSegments: ImportHost['sharedSegments'] = () => this.session.sharedSegments();
  sharedSegment: ImportHost['sharedSegment'] = (key) => this.session.sharedSegment(key);
  replaceSegment: ImportHost['replaceSegment'] = (replacement) => this.session.replaceSegment(replacement);
  print: ImportHost['print'] = async () => undefined;
}

/** Takes everything and keeps nothing; rows go to the printer. */
class DryRunHost implements ImportHost {
  constructor(
    private readonly databases: Databases,
    private readonly sink: ((rows: readonly PrintedRow[]) => Promise<void>) | null,
  ) {}

  openDatabase = (path: string) => this.databases.openDatabase(path);
  databaseRows = (page: Parameters<ForeignHost['databaseRows']>[0]) => this.databases.databaseRows(page);
  existingHashes: ImportHost['existingHashes'] = async (keys) => keys.map(() => []);
  addParts: ImportHost['addParts'] = async () => undefined;
  addOrderEvents: ImportHost['addOrderEvents'] = async (events) => events.length;
  addPrices: ImportHost['addPrices'] = async () => undefined;
  addQuarantined: ImportHost['addQuarantined'] = async () => undefined;
  addReading: ImportHost['addReading'] = async () => undefined;
  sharedSegments: ImportHost['sharedSegments'] = async () => [];
  sharedSegment: ImportHost['sharedSegment'] = () => Promise.reject(new Error('a dry run shares nothing'));
  replaceSegment: ImportHost['replaceSegment'] = async () => undefined;
  print: ImportHost['print'] = async (rows) => this.sink?.(rows);
}

/** A file none of whose rows could be read is damaged or not what it was taken for; storing it would only hide that. */
export function nothingButDamage(summary: ReadSummary, file: ImportFile): Failure | null {
  const { rowsRead, quarantined } = summary.counts;
  const first = summary.quarantined[0];
  if (quarantined === 0 || quarantined < rowsRead || !first) return null;
  return failure(
    'format-damaged',
    `None of the ${rowsRead} rows of ${file.name} can be read as ${summary.formatTitle}; line ${first.line}: ${first.reason}.`,
    'Correct the file, or name another format with --format; nothing was stored.',
    { path: file.path, format: summary.format, line: first.line, reason: first.reason, quarantined },
  );
}

function cancelledImport(name: string): Failure {
  return failure('cancelled', `The import of ${name} was cancelled; nothing of it was stored.`, 'Import it again.', {
    name,
  });
}

function unknownJob(id: string): Failure {
  return failure(
    'not-found',
    `There is no import ${id} under way.`,
    'It may have ended; look at the list of imports.',
    {
      id,
    },
  );
}

function elsewhereText({ strategy, symbol, trades }: ToldElsewhere): string {
  const counted = trades === 1 ? '1 trade of it is' : `${trades.toLocaleString('en')} trades of it are`;
  return `${counted} stored under strategy ${strategy}, symbol ${symbol} as well, with the same ids: the file was probably imported twice with other words. Nothing was merged; see which of the two is meant.`;
}
