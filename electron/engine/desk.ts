import { toFailure } from '../../shared/base/errors';
import { ok, type Result } from '../../shared/base/result';
import { addUtcDays, type UtcDay, utcDayOf } from '../../shared/base/time';
import { type CanaryDesk, createCanaryDesk } from './canary/canary-desk';
import type { EventHub } from './events';
import { createFollowService, type FollowService } from './follow/follow-service';
import { createImportService, type ImportEnded, type ImportService } from './imports/import-service';
import { savedMapTexts } from './imports/saved-maps';
import { type CalibrationService, createCalibrationService } from './parity/calibration-service';
import { createParityService, type ParityService } from './parity/parity-service';
import type { EngineParts } from './parts';
import type { DeskStore } from './ports';
import { createReportService, type ReportService } from './reports/report-service';

/**
 * One open desk: its store and the services on it. After an import the days it touched, and those after them whose opening position
 * it moved, are judged again in the background, newest first.
 */
export interface Desk {
  readonly store: DeskStore;
  readonly imports: ImportService;
  readonly parity: ParityService;
  readonly calibration: CalibrationService;
  readonly reports: ReportService;
  /** Follows what is watched; null where this process does not. */
  readonly follow: FollowService | null;
  readonly canary: CanaryDesk;
  /** The store holds simulated data. */
  readonly sample: boolean;
  /** Resolves when the background has nothing left to judge. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Key of the store's settings that marks a sample desk; its value is a {@link SampleMark} as JSON. */
export const sampleSettingKey = 'sample';

export async function openDesk(
  directory: string,
  mode: 'create' | 'existing',
  parts: EngineParts,
  events: EventHub,
): Promise<Result<Desk>> {
  const opened = await parts.openStore(directory, mode);
  if (!opened.ok) return opened;
  const store = opened.value;
  try {
    const sample = (await store.settings.get(sampleSettingKey)) !== null;
    return ok(createDesk(store, sample, parts, events));
  } catch (thrown) {
    await store.close();
    return { ok: false, error: toFailure(thrown) };
  }
}

function createDesk(store: DeskStore, sample: boolean, parts: EngineParts, events: EventHub): Desk {
  const { clock, ids, tasks, openForeignDatabase, log } = parts;
  const imports = createImportService({
    store: store.imports,
    runner: tasks,
    openForeignDatabase,
    clock,
    ids,
    maps: () => savedMapTexts(store.settings),
    prices: (symbol, fromUs, toUs) => store.executions.prices(symbol, fromUs, toUs),
    log,
  });
  const parity = createParityService({ store, tasks, clock });
  const reports = createReportService({ store, parity, tasks, sample, version: parts.version });
  const follow =
    parts.follow && !sample
      ? createFollowService({ store, runner: parts.follow, openForeignDatabase, clock, ids, log })
      : null;
  const canary = createCanaryDesk(store, parity, parts);
  if (parts.monitor && !sample) canary.monitor.start();
  const closing = new AbortController();
  let background: Promise<void> = Promise.resolve();

  const changed = () => events.emit('data.changed', { asOfUs: clock.nowUs() });
  const stops = [
    store.onChange((what) => {
      // Reports follow from the data: saving them makes nothing out of date, and whoever heard of the data asks for them.
      if (what === 'reports') return;
      if (what === 'canary') {
        events.emit('canary.changed', { id: null });
        return;
      }
      parity.noticeChange(what);
      changed();
      events.emit('watches.changed', {});
    }),
    imports.onProgress((running) => events.emit('imports.progress', { running: [...running] })),
    imports.onEnded((ended) => {
      events.emit('imports.ended', ended);
      if (ended.state !== 'done') return;
      background = background
        .then(() => judgeAfter(ended))
        .catch((thrown) => log(`judging after an import failed: ${toFailure(thrown).message}`));
    }),
  ];

  /** Days from the first one the import touched to the last day of each strategy; a price file touches every strategy. */
  async function judgeAfter(ended: ImportEnded): Promise<void> {
    const outcome = await imports.wait(ended.id);
    if (!outcome.ok || outcome.value.firstUs === null) return;
    const from = utcDayOf(outcome.value.firstUs);
    const touched = outcome.value.strategies;
    for (const { strategy, firstDay, lastDay } of await store.executions.strategies()) {
      if (touched.length > 0 && !touched.includes(strategy)) continue;
      await newestFirst(from > firstDay ? from : firstDay, lastDay, (first, last) =>
        parity.refresh(strategy, first, last, { signal: closing.signal, onMade: changed, bothSidesOnly: true }),
      );
    }
  }

  /** Walks the range in stretches of a month from its end, because the latest days are what is looked at. */
  async function newestFirst(
    from: UtcDay,
    to: UtcDay,
    each: (first: UtcDay, last: UtcDay) => Promise<unknown>,
  ): Promise<void> {
    for (let last = to; last >= from && !closing.signal.aborted; last = addUtcDays(last, -31)) {
      const first = addUtcDays(last, -30);
      await each(first > from ? first : from, last);
    }
  }

  return {
    store,
    imports,
    parity,
    calibration: createCalibrationService({ store, parity, tasks, clock }),
    reports,
    follow,
    canary,
    sample,
    settled: () => background,
    async close() {
      closing.abort();
      for (const stop of stops) stop();
      await canary.close();
      await follow?.close();
      await imports.close();
      await background;
      await store.close();
    },
  };
}
