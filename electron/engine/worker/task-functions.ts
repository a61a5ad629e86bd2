import { failure } from '../../../shared/base/errors';
import { fail } from '../../../shared/base/result';
import { formats } from '../imports/formats';
import type { FormatRegistry } from '../imports/registry';
import { importTask } from '../imports/run-import';
import { previewTask } from '../imports/run-preview';
import type { TaskFunctions } from './tasks';

const registry: FormatRegistry = {
  formats,
  fromMap: (map) => fail(failure('map-invalid', `There is no map "${map.slice(0, 80)}".`, 'See "lockstep formats".')),
};

/** What the worker can do; the same functions run in place where a process is too short-lived for a thread. */
export const tasks: TaskFunctions = { import: importTask(registry), preview: previewTask(registry) };
