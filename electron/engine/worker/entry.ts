import { parentPort, workerData } from 'node:worker_threads';
import { blockTask } from '../imports/run-blocks';
import { createWorkerPool } from './pool';
import { serveTasks } from './serve';

/** The worker thread's program: bundled into one file whose address the composition roots hand to the pool. */
if (!parentPort) throw new Error('This program runs in a worker thread only.');
const helper = 'helper';
if (workerData === helper) serveTasks(parentPort, { blocks: blockTask });
else {
  // A helper runs the same program and makes next to no objects. Loading what only other tasks need would cost it time and memory.
  const { tasksWithHelpers } = await import('./task-functions');
  const script = new URL(import.meta.url);
  serveTasks(
    parentPort,
    tasksWithHelpers(() => createWorkerPool({ script, threads: 1, maxYoungGenerationSizeMb: 3, role: helper })),
  );
}
