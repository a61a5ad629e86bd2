import type { MessagePort } from 'node:worker_threads';
import type { FollowManyTask, FollowTask, MergeTask } from '../follow/follow-task';
import type { BlockTask } from '../imports/block-task';
import type { ImportTask, PreviewTask, RetryTask } from '../imports/import-task';
import type { ColumnsTask } from '../imports/run-columns';
import type { CalibrationTask } from '../parity/calibration-task';
import type { OpenDayTask } from '../parity/open-day-task';
import type { ParityDayTask } from '../parity/parity-day-task';
import type { SheetTask } from '../reports/sheet-task';
import type { TaskFunction, TaskShape } from './protocol';

/** Every kind of work that runs off the main thread. A new kind is a line here and its function in `entry.ts`. */
export interface Tasks {
  readonly import: ImportTask;
  readonly preview: PreviewTask;
  readonly columns: ColumnsTask;
  readonly retry: RetryTask;
  readonly follow: FollowTask;
  readonly followMany: FollowManyTask;
  readonly merge: MergeTask;
  readonly blocks: BlockTask;
  readonly parityDay: ParityDayTask;
  readonly openDay: OpenDayTask;
  readonly calibration: CalibrationTask;
  readonly sheet: SheetTask;
}

export type TaskName = keyof Tasks;
export type TaskFunctions = { readonly [Name in TaskName]: TaskFunction<Tasks[Name]> };

/** Options of one run. `host` answers the task's calls; tasks without calls take an empty object. */
export interface RunOptions<Shape extends TaskShape> {
  readonly host: Shape['host'];
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((value: Shape['progress']) => void) | undefined;
  /** Buffers and ports of the arguments to move instead of copy. */
  readonly transfer?: readonly (ArrayBuffer | MessagePort)[];
}

/** Runs tasks, on threads or in place. Rejects with a `FailureError`: `cancelled` when the signal aborted, `busy` when too much waits. */
export interface TaskRunner {
  run<Name extends TaskName>(
    name: Name,
    args: Tasks[Name]['args'],
    options: RunOptions<Tasks[Name]>,
  ): Promise<Tasks[Name]['result']>;
  /** Stops everything; what runs or waits fails with `unavailable`. */
  close(): Promise<void>;
}
