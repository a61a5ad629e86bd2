import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '../../../shared/parity/document';
import { methodVersion } from '../../../shared/parity/method';
import { defaultParitySettings } from '../../../shared/parity/settings';
import type { Desk } from '../desk';
import type { Handlers } from '../gate';
import type { HandlerContext } from './context';
import { limitsOf, portfolioDays, strategyFigures, worstFirst } from './summaries';

export function deskHandlers(
  context: HandlerContext,
): Pick<Handlers, 'app.info' | 'desk.overview' | 'desk.openSample' | 'desk.openMain'> {
  const { clock } = context;
  return {
    async 'app.info'(_args, carrier) {
      const { store, sample } = await context.desk();
      return {
        version: context.version,
        methodVersion,
        deskName: sample ? 'Sample desk' : 'Main desk',
        sample,
        sampleAvailable: await context.sampleAvailable(),
        dataDirectory: context.dataDirectory,
        carrier: carrier === 'electron' ? 'electron' : 'browser',
        storeSizeBytes: await storeSizeBytes(store.directory),
        asOfUs: clock.nowUs(),
      };
    },

    async 'desk.overview'({ strategy: asked, days }) {
      const desk = await context.desk();
      const asOfUs = clock.nowUs();
      const strategies = [...(await desk.store.executions.strategies())];
      const feeds = [...(await desk.store.executions.feeds())];
      const strategy =
        asked ??
        (await worstStrategy(
          desk,
          strategies.map(({ strategy }) => strategy),
        ));
      if (strategy === null) {
        return {
          strategies,
          strategy,
          portfolio: null,
          portfolioDays: [],
          symbols: [],
          feeds,
          limits: limitsOf(defaultParitySettings),
          asOfUs,
        };
      }
      const { points, latest, symbols } = await strategyFigures(desk, strategy, days);
      return {
        strategies,
        strategy,
        portfolio: latest,
        portfolioDays: [...points],
        symbols: [...symbols],
        feeds,
        limits: limitsOf(await desk.parity.settings(strategy, null)),
        asOfUs,
      };
    },

    async 'desk.openSample'() {
      await context.openSample();
      return {};
    },

    async 'desk.openMain'() {
      await context.openMain();
      return {};
    },
  };
}

/** The store's file and its write-ahead log; what the store's own health check says besides would take as long as reading it all. */
async function storeSizeBytes(directory: string): Promise<number> {
  const files = ['lockstep.db', 'lockstep.db-wal'].map((name) => stat(join(directory, name)).catch(() => null));
  return (await Promise.all(files)).reduce((sum, file) => sum + (file?.size ?? 0), 0);
}

/** The strategy whose latest portfolio day is worst: what the desk must look at first. Null when nothing is stored. */
async function worstStrategy(desk: Desk, strategies: readonly string[]): Promise<string | null> {
  const latest: Report[] = [];
  for (const strategy of strategies) latest.push(...(await portfolioDays(desk, strategy, 1)));
  const [worst] = latest
    .map(({ key, status, worstTrackingBps }) => ({ symbol: key.strategy, status, worstTrackingBps }))
    .sort(worstFirst);
  return worst?.symbol ?? strategies[0] ?? null;
}
