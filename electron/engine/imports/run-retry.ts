import { FailureError, failure } from '../../../shared/base/errors';
import type { TaskContext } from '../worker/protocol';
import type { Collected, RetriedRow, RetryTask } from './import-task';
import { mergeTwins } from './merge-twins';
import { delimitedSampleOf, readingContext } from './reading-document';
import type { FormatRegistry } from './registry';
import { rereadRows } from './reread';
import { RowCollector } from './row-collector';
import { withSavedMaps } from './saved-maps';
import type { LoggedChange } from './trade-changes';

/** The worker's retry: reads corrected rows of one file and hands over what they hold, telling of each what became of it. */
export function retryTask(shipped: FormatRegistry) {
  return async (args: RetryTask['args'], context: TaskContext<RetryTask>): Promise<RetryTask['result']> => {
    const registry = withSavedMaps(shipped, args.maps ?? [], () => undefined);
    const stored = readingContext(args.reading);
    const { hints, strategy, version, account, sample } = stored;
    const made = hints.map === null ? null : registry.fromMap(hints.map);
    if (made && !made.ok) throw new FailureError(made.error);
    const format = made?.value ?? registry.formats.find(({ id }) => id === stored.format);
    if (!format) throw unknownFormat(stored.format, args.name);
    const collector = new RowCollector(
      // As if the rows were printed: each is then stored and counted at once.
      { ...args, path: '', strategy, version, account, hints, print: true },
      {
        existingHashes: (keys) => context.host.existingHashes(keys),
        addParts: (parts, transfer) => context.host.addParts(parts, transfer),
        addOrderEvents: (events) => context.host.addOrderEvents(events),
        addPrices: (points) => context.host.addPrices(points),
        // A row that cannot be read this time either stays as it is.
        addQuarantined: async () => undefined,
        addReading: async () => undefined,
        print: async () => undefined,
      },
    );
    const outcomes = await rereadRows(
      format,
      sample && delimitedSampleOf(sample),
      registry.formats,
      { source: args.source, zone: hints.zone, symbol: hints.symbol, warn: () => undefined, atEnd: () => undefined },
      args.rows,
    );
    const rows: (RetriedRow | LoggedChange)[] = [];
    let before = collector.finish();
    for (const [index, { line, text }] of args.rows.entries()) {
      context.signal.throwIfAborted();
      collector.take(line, outcomes[index]!, () => text);
      await collector.store(index === args.rows.length - 1);
      const after = collector.finish();
      const change = collector.waitingChanges.at(-1);
      rows.push(outcomes[index]!.kind === 'change' && change ? change : becameOf(before, after));
      before = after;
    }
    const own = {
      importId: args.importId,
      format: format.id,
      severalPerRow: collector.severalPerRow,
      cutLine: null,
      sizeBytes: 0,
    };
    const merged = await mergeTwins(context.host, own, collector.repeatingSegments, () => undefined, {
      source: args.source,
      rows: collector.waitingChanges,
    });
    collector.countMerged(merged);
    collector.settleChanges(merged.unapplied);
    const collected = collector.finish();
    return { rows: rows.map((row) => ('state' in row ? row : appliedChange(row, collected))), collected };
  };
}

/** What became of a bust or correction, which is known when all rows are in. */
function appliedChange({ rule, line }: LoggedChange, { quarantined }: Collected): RetriedRow {
  const refused = quarantined.find((row) => row.line === line);
  return refused === undefined
    ? { state: 'fixed', executions: 0, became: `no execution: ${rule}, applied` }
    : { state: 'open', reason: refused.reason };
}

/** What the one row between two counts became. */
function becameOf(before: RetryTask['result']['collected'], after: RetryTask['result']['collected']): RetriedRow {
  const { counts } = after;
  if (counts.quarantined > before.counts.quarantined) {
    return { state: 'open', reason: after.quarantined.at(-1)?.reason ?? 'the row cannot be read' };
  }
  const executions = after.fills - before.fills;
  if (counts.duplicates > before.counts.duplicates) {
    return { state: 'fixed', executions, became: 'a duplicate: it is stored already' };
  }
  if (counts.orderEvents > before.counts.orderEvents) return { state: 'fixed', executions, became: 'an order event' };
  if (counts.otherRows > before.counts.otherRows) {
    const name = Object.keys(after.otherRowNames).find(
      (other) => after.otherRowNames[other] !== before.otherRowNames[other],
    );
    return { state: 'fixed', executions, became: `no execution: ${name ?? 'other row'}` };
  }
  return { state: 'fixed', executions, became: executions === 1 ? '1 execution' : `${executions} executions` };
}

function unknownFormat(format: string, name: string): FailureError {
  return new FailureError(
    failure(
      'format-unknown',
      `The rows of ${name} were read as "${format}", which this version does not know.`,
      'Correct the rows in the file itself and import it again.',
      { format },
    ),
  );
}
