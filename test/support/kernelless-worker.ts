import { parentPort } from 'node:worker_threads';

/** The engine's worker where there is no WebAssembly, as where a security policy of the machine takes it away. */
if (!parentPort) throw new Error('This program runs in a worker thread only.');
Reflect.deleteProperty(globalThis, 'WebAssembly');
const { serveTasks } = await import('../../electron/engine/worker/serve');
const { tasksWithHelpers } = await import('../../electron/engine/worker/task-functions');
serveTasks(
  parentPort,
  tasksWithHelpers(() => {
    throw new Error('nobody is called to help to read row by row');
  }),
);
