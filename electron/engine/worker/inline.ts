import { FailureError, toFailure } from '../../../shared/base/errors';
import { cancelledFailure, type TaskFunction } from './protocol';
import type { RunOptions, TaskFunctions, TaskName, TaskRunner, Tasks } from './tasks';

/** Runs tasks on the calling thread: for short-lived processes and for tests that look inside. Nothing is copied. */
export function createInlineRunner(tasks: TaskFunctions): TaskRunner {
  return {
    async run<Name extends TaskName>(name: Name, args: Tasks[Name]['args'], options: RunOptions<Tasks[Name]>) {
      const signal = options.signal ?? new AbortController().signal;
      const task: TaskFunction<Tasks[Name]> = tasks[name];
      try {
        return await task(args, {
          signal,
          host: options.host,
          progress: (value) => options.onProgress?.(value),
          moveWithResult: () => undefined,
        });
      } catch (thrown) {
        throw new FailureError(signal.aborted ? cancelledFailure() : toFailure(thrown));
      }
    },
    async close() {},
  };
}
