import { parentPort } from 'node:worker_threads';
import { serveTasks } from './serve';
import { tasks } from './task-functions';

/** The worker thread's program: bundled into one file whose address the composition roots hand to the pool. */
if (!parentPort) throw new Error('This program runs in a worker thread only.');
serveTasks(parentPort, tasks);
