import type { Clock } from '../../../shared/base/clock';
import { FailureError, failure } from '../../../shared/base/errors';
import { valueOrThrow } from '../../../shared/base/result';
import { formatIsoUs } from '../../../shared/base/time';
import type { Desk } from '../desk';
import type { Handlers } from '../gate';
import { causesOf, reasonLike } from '../imports/causes';
import { formatById } from '../imports/formats';
import { listedFormats, listedMaps } from '../imports/listing';
import { describeFormat } from '../imports/reference';
import { savedMaps } from '../imports/saved-maps';
import type { ImportedExecution, ImportRecord, SettingsStore } from '../ports';
import { systemUser } from '../system';
import type { HandlerContext } from './context';

type ImportCalls = Exclude<Extract<keyof Handlers, `imports.${string}` | `formats.${string}`>, 'imports.columns'>;

const previewedExecutions = 20;
/** Different reasons, at most; rows beyond them are found by looking through all rows. */
const reasonsLookedAt = 10_000;

export function importHandlers(context: HandlerContext): Pick<Handlers, ImportCalls> {
  const { clock, files } = context;
  return {
    async 'formats.list'() {
      return { formats: [...listedFormats], maps: [...listedMaps] };
    },

    async 'formats.describe'({ format: id }) {
      const format = formatById(id);
      if (format !== null) return describeFormat(format);
      throw new FailureError(
        failure('not-found', `There is no format "${id}".`, 'Choose one of the list of formats.', { format: id }),
      );
    },

    async 'imports.preview'({
      token,
      format,
      map,
      source,
      strategy,
      symbol = null,
      zone = null,
      dateOrder = null,
      lotSize = null,
    }) {
      const { imports } = await context.desk();
      const preview = valueOrThrow(
        await imports.preview({
          file: files.file(token),
          source,
          strategy,
          version: null,
          account: null,
          hints: { format, map, zone, symbol, dateOrder, lotSize },
          limit: previewedExecutions,
        }),
      );
      const recognition = ({ strategies, ...recognised }: typeof preview.recognised) => ({
        ...recognised,
        impliedStrategies: [...(strategies ?? [])],
      });
      return {
        recognised: recognition(preview.recognised),
        alternatives: preview.alternatives.map(recognition),
        executions: [...preview.executions],
        quarantined: [...preview.quarantined],
        warnings: [...preview.warnings],
        questions: preview.questions.map((question) => ({ ...question, options: [...question.options] })),
      };
    },

    async 'imports.start'({ files: asked }) {
      const desk = await context.desk();
      requireOwnDesk(desk);
      // All tokens are resolved before the first job starts, so that a stale one starts none.
      const jobs = asked.map(
        ({ token, format, map, symbol = null, zone = null, dateOrder = null, lotSize = null, ...said }) => ({
          token,
          job: { ...said, file: files.file(token), hints: { format, map, zone, symbol, dateOrder, lotSize } },
        }),
      );
      const ids = jobs.map(({ token, job }) => {
        const id = desk.imports.start(job);
        // A file that failed may be tried again with other settings; one that is in is done with.
        void desk.imports.wait(id).then((outcome) => (outcome.ok ? files.release(token) : undefined));
        return id;
      });
      return { ids };
    },

    async 'imports.cancel'({ id }) {
      const { imports } = await context.desk();
      valueOrThrow(imports.cancel(id));
      return {};
    },

    async 'imports.list'({ page }) {
      const { store, imports } = await context.desk();
      const { rows, total } = await store.imports.list(page);
      const titleOf = await formatTitles(store.settings);
      return {
        imports: rows.map((record) => importView(record, titleOf)),
        total,
        running: [...imports.running()],
        asOfUs: clock.nowUs(),
      };
    },

    async 'imports.get'({ id }) {
      const { store } = await context.desk();
      const record = await store.imports.get(id);
      if (record) {
        const elsewhere = (await store.imports.toldElsewhere(id)).map((told) => ({ ...told }));
        return { import: importView(record, await formatTitles(store.settings)), elsewhere, asOfUs: clock.nowUs() };
      }
      throw new FailureError(failure('not-found', `There is no import ${id}.`, 'Open the list of imports.', { id }));
    },

    async 'imports.quarantine'({ importId, state = null, cause = null, page }) {
      const { store } = await context.desk();
      const { rows, total } = await store.imports.quarantined(
        importId,
        page,
        state,
        cause === null ? null : reasonLike(cause),
      );
      const fileNames = new Map<string, string>();
      for (const row of rows) {
        if (!fileNames.has(row.importId))
          fileNames.set(row.importId, (await store.imports.get(row.importId))?.fileName ?? '');
      }
      return {
        rows: rows.map(({ member: _inReason, ...row }) => ({ ...row, fileName: fileNames.get(row.importId) ?? '' })),
        total,
        asOfUs: clock.nowUs(),
      };
    },

    async 'imports.causes'({ importId, state }) {
      const { store } = await context.desk();
      const reasons = await store.imports.quarantineReasons(importId, state, reasonsLookedAt);
      return { causes: [...causesOf(reasons)], asOfUs: clock.nowUs() };
    },

    async 'imports.merged'({ importId, page }) {
      const { store } = await context.desk();
      const { rows, total } = await store.imports.merged(importId, page);
      const ids = new Set(rows.flatMap(({ kept, merged }) => [kept.importId, merged.importId]));
      const imports = new Map<string, ImportRecord | null>();
      for (const id of ids) imports.set(id, await store.imports.get(id));
      const placeOf = ({ importId: id, line }: ImportedExecution) => {
        const { fileName = '', format = '' } = imports.get(id) ?? {};
        return { importId: id, fileName, format, line };
      };
      return {
        rows: rows.map(({ kept, merged, rule }) => {
          const { importId: _place, ...execution } = kept;
          return { kept: placeOf(kept), merged: placeOf(merged), execution, rule };
        }),
        total,
        asOfUs: clock.nowUs(),
      };
    },

    async 'imports.retry'({ rows }) {
      const { imports } = await context.desk();
      return { results: [...valueOrThrow(await imports.retry(rows))] };
    },

    async 'imports.dismiss'({ ids, reason }) {
      const { store } = await context.desk();
      await store.imports.changeQuarantine(ids, 'open', 'dismissed', `dismissed by ${signature(clock)}: ${reason}`);
      return {};
    },

    async 'imports.reopen'({ ids }) {
      const { store } = await context.desk();
      await store.imports.changeQuarantine(ids, 'dismissed', 'open', `reopened by ${signature(clock)}`);
      return {};
    },
  };
}

/** Who does this and when, as a note tells it. */
function signature(clock: Clock): string {
  return `${systemUser()} at ${formatIsoUs(clock.nowUs())}`;
}

/** Simulated and real data never share a store. */
export function requireOwnDesk({ sample }: Pick<Desk, 'sample'>): void {
  if (!sample) return;
  throw new FailureError(
    failure('conflict', 'This is the sample desk: it takes no real data.', 'Open your own desk, then import there.'),
  );
}

/** Titles of the formats and of the desk's maps by id; one that is not there any more goes by its id. */
async function formatTitles(settings: SettingsStore): Promise<(id: string) => string> {
  const own = new Map((await savedMaps(settings)).map(({ id, map }) => [id, map.ok ? map.value.title : id]));
  return (id) => formatById(id)?.title ?? own.get(id) ?? id;
}

function importView(record: ImportRecord, titleOf: (id: string) => string) {
  const titles = record.format.split('+').map(titleOf);
  return { ...record, formatTitle: titles.filter((title) => title !== '').join(' + '), symbols: [...record.symbols] };
}
