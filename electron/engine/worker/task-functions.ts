import { followTask } from '../follow/run-follow';
import { mergeTask } from '../follow/run-merge';
import { allFormats } from '../imports/registry';
import { columnsTask } from '../imports/run-columns';
import { importTask } from '../imports/run-import';
import { previewTask } from '../imports/run-preview';
import { retryTask } from '../imports/run-retry';
import { calibrationTask } from '../parity/calibration-task';
import { parityDayTask } from '../parity/parity-day-task';
import type { TaskFunctions } from './tasks';

/** What the worker can do; the same functions run in place where a process is too short-lived for a thread. */
export const tasks: TaskFunctions = {
  import: importTask(allFormats),
  preview: previewTask(allFormats),
  columns: columnsTask,
  retry: retryTask(allFormats),
  follow: followTask(allFormats),
  merge: mergeTask,
  parityDay: parityDayTask,
  calibration: calibrationTask,
};
