import { parentPort } from 'node:worker_threads';
import { createWorkerPool } from '../../electron/engine/worker/pool';
import { serveTasks } from '../../electron/engine/worker/serve';
import { tasksWithHelpers } from '../../electron/engine/worker/task-functions';

/** The engine's worker, whose helper runs the program that HELPER_PROGRAM names. */
if (!parentPort) throw new Error('This program runs in a worker thread only.');
const program = new URL(process.env['HELPER_PROGRAM'] ?? '');
serveTasks(
  parentPort,
  tasksWithHelpers(() => createWorkerPool({ script: program, threads: 1 })),
);
