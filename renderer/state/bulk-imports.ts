import type { ImportProgress } from '../../shared/contract/calls';
import { type Card, isStartable, missingOf, previewOf, questionsOf } from './import-cards';

/** Many files at once: what each is in one word, and how far all of them are. Pure. */

/** From so many files on they are shown as a table instead of a card each. */
export const BULK_FROM = 9;

export type BulkState = 'waiting' | 'unknown' | 'asks' | 'ready' | 'running' | 'done' | 'failed' | 'cancelled';

export function bulkStateOf(card: Card): BulkState {
  switch (card.step.at) {
    case 'admitting':
    case 'recognising':
      return 'waiting';
    case 'refused':
    case 'unreadable':
      return 'unknown';
    case 'ready':
      return isStartable(card) ? 'ready' : 'asks';
    case 'starting':
    case 'started':
      return 'running';
    case 'ended':
      return card.step.state;
  }
}

/** What is worth saying of the file besides its state. */
export function remarkOf(card: Card): string {
  const { step } = card;
  if (step.at === 'refused' || step.at === 'unreadable') return step.failure.message;
  if (step.at === 'ended') return step.failure?.message ?? '';
  if (step.at !== 'ready') return '';
  const missing = missingOf(card);
  const open = questionsOf(card).find(({ assumed }) => assumed === null);
  const unread = previewOf(card)?.quarantined.length ?? 0;
  return (
    open?.message ??
    [missing.source, missing.strategy, unread > 0 ? `${unread} of its first rows cannot be read.` : null]
      .filter((part) => part !== null)
      .join(' ')
  );
}

export interface BulkProgress {
  readonly files: number;
  readonly ended: number;
  /** Bytes read of bytes to read, of the files that were started; null before any was. */
  readonly share: number | null;
  readonly rowsPerSecond: number;
}

export function bulkProgress(cards: readonly Card[], running: readonly ImportProgress[]): BulkProgress {
  const begun = cards.filter((card) => ['running', 'done', 'failed', 'cancelled'].includes(bulkStateOf(card)));
  const ended = begun.filter(({ step }) => step.at === 'ended');
  const toRead = begun.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const own = new Set(begun.flatMap(({ step }) => (step.at === 'started' ? [step.jobId] : [])));
  const current = running.filter(({ id }) => own.has(id));
  const read =
    ended.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) +
    current.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
  return {
    files: begun.length,
    ended: ended.length,
    share: toRead === 0 ? null : Math.min(1, read / toRead),
    rowsPerSecond: current.reduce((sum, { rowsPerSecond }) => sum + rowsPerSecond, 0),
  };
}
