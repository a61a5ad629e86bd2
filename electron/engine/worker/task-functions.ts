import { followTask } from '../follow/run-follow';
import { followManyTask } from '../follow/run-follow-many';
import { mergeTask } from '../follow/run-merge';
import { allFormats } from '../imports/registry';
import { blockTask } from '../imports/run-blocks';
import { columnsTask } from '../imports/run-columns';
import { importTask } from '../imports/run-import';
import { previewTask } from '../imports/run-preview';
import { retryTask } from '../imports/run-retry';
import { calibrationTask } from '../parity/calibration-task';
import { openDayTask } from '../parity/open-day-task';
import { parityDayTask } from '../parity/parity-day-task';
import { sheetTask } from '../reports/sheet-task';
import type { TaskFunctions, TaskRunner } from './tasks';

/** What the worker can do; the same functions run in place where a process is too short-lived for a thread. */
export const tasks: TaskFunctions = {
  import: importTask(allFormats, null),
  preview: previewTask(allFormats),
  columns: columnsTask,
  retry: retryTask(allFormats),
  follow: followTask(allFormats),
  followMany: followManyTask(allFormats),
  merge: mergeTask,
  blocks: blockTask,
  parityDay: parityDayTask,
  openDay: openDayTask,
  calibration: calibrationTask,
  sheet: sheetTask,
};

/** The same for a thread that can share work out. @param helpers makes a runner of one further thread */
export function tasksWithHelpers(helpers: () => TaskRunner): TaskFunctions {
  return { ...tasks, import: importTask(allFormats, helpers) };
}
