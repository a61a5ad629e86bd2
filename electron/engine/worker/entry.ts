import { parentPort } from 'node:worker_threads';
import { createWorkerPool } from './pool';
import { serveTasks } from './serve';
import { tasksWithHelpers } from './task-functions';

/** The worker thread's program: bundled into one file whose address the composition roots hand to the pool. */
if (!parentPort) throw new Error('This program runs in a worker thread only.');
// A helper runs the same program, and makes next to no objects.
const helpers = () => createWorkerPool({ script: new URL(import.meta.url), threads: 1, maxYoungGenerationSizeMb: 3 });
serveTasks(parentPort, tasksWithHelpers(helpers));
