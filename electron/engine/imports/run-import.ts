import type { ImportQuestion } from '../../../shared/contract/calls';
import type { TaskContext } from '../worker/protocol';
import type { TaskRunner } from '../worker/tasks';
import type { ImportTask, ReadSummary } from './import-task';
import { mergeTwins } from './merge-twins';
import { zoneAssumedIn } from './questions';
import { readSource } from './read-source';
import { readingDocument } from './reading-document';
import type { Reading } from './recognise';
import type { FormatRegistry } from './registry';
import { RowCollector } from './row-collector';
import { callHelper } from './run-blocks';

/**
 * The worker's import: reads the whole file, hands its rows to the host, and says what it found.
 * @param helpers makes the runner of a thread that helps to read a large text; null = there is none
 */
export function importTask(registry: FormatRegistry, helpers: (() => TaskRunner) | null) {
  return async (args: ImportTask['args'], context: TaskContext<ImportTask>): Promise<ReadSummary> => {
    const collector = new RowCollector(args, context.host);
    const readings: Reading[] = [];
    const warnings = new Set<string>();
    const questions: ImportQuestion[] = [];
    let bytesRead = 0;
    let readAlone: string | null = null;
    await readSource({
      request: args,
      registry,
      host: context.host,
      signal: context.signal,
      target: {
        enter(member, reading) {
          collector.enter(member, () => readingDocument(args, reading));
          readings.push(reading);
        },
        row: (line, outcome, text) => collector.take(line, outcome, text),
        ...(!args.print && {
          plain: (line, execution) => collector.takePlain(line, execution),
          blocks: {
            take: (block, firstLine) => collector.takeBlock(block, firstLine),
            call:
              helpers &&
              ((reading) =>
                callHelper(helpers(), reading, (reason) => {
                  readAlone = reason.message;
                })),
          },
        }),
        async settle() {
          if (collector.due) await collector.store(false);
          return true;
        },
        endsWithoutLine: () => collector.endsWithoutLine(),
        warn: (message) => warnings.add(message),
        ask: (question) => questions.push(question),
        onBytes(bytes) {
          bytesRead = bytes;
          context.progress({ bytesRead, rowsRead: collector.rowsRead });
        },
        enough: () => false,
      },
    });
    await collector.store(true);
    const first = readings[0]!; // readSource returns only after at least one file was read
    const distinct = (texts: readonly string[], between: string) => [...new Set(texts)].join(between);
    const format = distinct(
      readings.map((reading) => reading.format.id),
      '+',
    );
    if (args.importId !== null) {
      const { severalPerRow, cutLine } = collector;
      const own = { importId: args.importId, format, severalPerRow, cutLine, sizeBytes: bytesRead };
      const merged = await mergeTwins(
        context.host,
        own,
        collector.repeatingSegments,
        () => context.signal.throwIfAborted(),
        { source: args.source, rows: collector.waitingChanges },
      );
      collector.countMerged(merged);
      collector.settleChanges(merged.unapplied);
      await collector.store(true);
      if (merged.suspected > 0) warnings.add(suspectedText(merged.suspected));
    }
    const collected = collector.finish();
    context.progress({ bytesRead, rowsRead: collected.counts.rowsRead });
    return {
      format,
      formatTitle: distinct(
        readings.map((reading) => reading.format.title),
        ' and ',
      ),
      confidence: Math.min(...readings.map(({ recognition }) => recognition.confidence)),
      reason:
        readings.length === 1
          ? first.recognition.reason
          : distinct(
              readings.map(({ recognition }) => recognition.reason),
              '; ',
            ),
      ...collected,
      wholeRows: collector.wholeRows,
      warnings: [...warnings],
      zoneAssumed: zoneAssumedIn(questions),
      ...(readAlone !== null && { readAlone }),
    };
  };
}

function suspectedText(count: number): string {
  const trades = count === 1 ? '1 trade seems' : `${count.toLocaleString('en')} trades seem`;
  return `${trades} to be told by another log too, but no common id says so for certain, so they are kept: see that no trade counts twice.`;
}
