import { mergeTwins } from '../imports/merge-twins';
import type { TaskContext } from '../worker/protocol';
import type { MergeTask } from './follow-task';

/** The reading thread's merge of segments that are stored already. */
export async function mergeTask({ segments }: MergeTask['args'], context: TaskContext<MergeTask>): Promise<null> {
  // No import of its own: every row is one of an import that has ended.
  const own = { importId: '', format: '', severalPerRow: false, cutLine: null, sizeBytes: 0 };
  await mergeTwins(context.host, own, segments, () => context.signal.throwIfAborted());
  return null;
}
