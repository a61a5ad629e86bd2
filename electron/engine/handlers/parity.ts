import { FailureError, failure } from '../../../shared/base/errors';
import { executionAt } from '../../../shared/market/columns';
import type { PairTable } from '../../../shared/parity/pair-table';
import type { Handlers } from '../gate';
import type { SymbolDayKey } from '../parity/day-evidence';
import { windowStatistics } from '../parity/window-statistics';
import type { causeHandlers } from './causes';
import type { HandlerContext } from './context';
import { limitsOf, strategyFigures, symbolSummaries } from './summaries';

type ParityCalls = Exclude<Extract<keyof Handlers, `parity.${string}`>, keyof ReturnType<typeof causeHandlers>>;

/** Points one answer of `parity.points` may hold. */
const pointsLimit = 200_000;

export function parityHandlers(context: HandlerContext): Pick<Handlers, ParityCalls> {
  const { clock } = context;
  return {
    async 'parity.symbols'({ strategy }) {
      const desk = await context.desk();
      const asOfUs = clock.nowUs();
      const { points, symbols } = await strategyFigures(desk, strategy, null);
      return {
        symbols: [...symbols],
        portfolioDays: [...points],
        limits: limitsOf(await desk.parity.settings(strategy, null)),
        asOfUs,
      };
    },

    async 'parity.daySymbols'({ strategy, day }) {
      const desk = await context.desk();
      const asOfUs = clock.nowUs();
      await desk.parity.span(strategy);
      return { symbols: [...(await symbolSummaries(desk, strategy, day))], asOfUs };
    },

    async 'parity.days'({ strategy, symbol }) {
      const desk = await context.desk();
      const asOfUs = clock.nowUs();
      const { from, to } = await desk.parity.span(strategy);
      const points = await desk.parity.points(strategy, symbol, from, to);
      return {
        days: [...points],
        limits: limitsOf(await desk.parity.settings(strategy, symbol)),
        asOfUs,
      };
    },

    async 'parity.report'({ strategy, symbol, from, to }) {
      const desk = await context.desk();
      const asOfUs = clock.nowUs();
      if (from > to)
        throw new FailureError(
          failure('invalid-arguments', `The range begins on ${from}, after its end on ${to}.`, 'Swap the two days.'),
        );
      const found = await desk.parity.report(strategy, symbol, from, to);
      return { ...found, limits: limitsOf(await desk.parity.settings(strategy, symbol)), asOfUs };
    },

    async 'parity.calibration'({ strategy, symbol, from, to }) {
      const desk = await context.desk();
      const asOfUs = clock.nowUs();
      return { calibration: await desk.calibration.calibrate(strategy, symbol, { from, to }), asOfUs };
    },

    async 'parity.statistics'({ strategy, symbol, from = null, to = null, sharpeThreshold }) {
      const desk = await context.desk();
      const asOfUs = clock.nowUs();
      return { ...(await windowStatistics(desk, strategy, symbol, from, to, sharpeThreshold)), asOfUs };
    },

    async 'parity.orders'({ strategy, symbol, day, page, ...selection }) {
      const desk = await context.desk();
      const asOfUs = clock.nowUs();
      const { pairs } = (await desk.parity.open({ strategy, symbol, day: day })).result;
      const selected = pairs.select(selection);
      const shown = selected.subarray(page.offset, page.offset + page.limit);
      return { rows: Array.from(shown, (row) => pairs.pairRowAt(row)), total: selected.length, asOfUs };
    },

    async 'parity.order'({ strategy, symbol, day, orderId, ...selection }) {
      const desk = await context.desk();
      const asOfUs = clock.nowUs();
      const key: SymbolDayKey = { strategy, symbol, day: day };
      const { pairs } = (await desk.parity.open(key)).result;
      const row = rowOf(pairs, orderId, key);
      const index = pairs.select(selection).indexOf(row);
      return { row: pairs.pairRowAt(row), index: index === -1 ? null : index, asOfUs };
    },

    async 'parity.points'({ strategy, symbol, day }) {
      const desk = await context.desk();
      const asOfUs = clock.nowUs();
      const { pairs } = (await desk.parity.open({ strategy, symbol, day: day })).result;
      const { rows, slippageBps, latencyMs, notional } = pairs.points();
      const total = rows.length;
      const shown = Math.min(total, pointsLimit);
      const at = (index: number) => Math.floor((index * total) / shown);
      const figures = (column: Float64Array) =>
        Array.from({ length: shown }, (_, index) => {
          const value = column[at(index)] ?? Number.NaN;
          return Number.isNaN(value) ? null : value;
        });
      return {
        ids: Array.from({ length: shown }, (_, index) => pairs.pairRowAt(rows[at(index)] ?? 0).live?.id ?? ''),
        slippageBps: figures(slippageBps),
        latencyMs: figures(latencyMs),
        notional: Array.from({ length: shown }, (_, index) => notional[at(index)] ?? 0),
        total,
        asOfUs,
      };
    },

    async 'parity.fills'({ strategy, symbol, day, orderIds }) {
      const desk = await context.desk();
      const asOfUs = clock.nowUs();
      const key: SymbolDayKey = { strategy, symbol, day: day };
      const { result, columns } = await desk.parity.open(key);
      const fileNames = new Map<string, string>();
      const fills = [];
      for (const orderRowId of orderIds) {
        rowOf(result.pairs, orderRowId, key);
        const found = result.pairs.fillsOf(orderRowId);
        const side = found && columns[found.source];
        // An order that was never filled has none.
        if (!found || !side) continue;
        for (const row of found.rows) {
          const importId = side.dictionaries.importIds[side.importIndex[row] ?? 0] ?? '';
          if (!fileNames.has(importId))
            fileNames.set(importId, (await desk.store.imports.get(importId))?.fileName ?? '');
          fills.push({
            ...executionAt(side, row, { source: found.source, strategy, symbol }),
            orderRowId,
            importId,
            fileName: fileNames.get(importId) ?? '',
          });
        }
      }
      return { fills, asOfUs };
    },
  };
}

function rowOf(pairs: PairTable, orderId: string, { symbol, day }: SymbolDayKey): number {
  const row = pairs.rowOf(orderId);
  if (row !== null) return row;
  throw new FailureError(
    failure('not-found', `There is no order ${orderId} of ${symbol} on ${day}.`, "Open the list of the day's orders.", {
      orderId,
    }),
  );
}
