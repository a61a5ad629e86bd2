import { parentPort } from 'node:worker_threads';
import { serveTasks } from '../../electron/engine/worker/serve';
import type { TaskFunctions } from '../../electron/engine/worker/tasks';
import { FailureError, failure } from '../../shared/base/errors';

/** A worker whose import task does what the file's name says: everything that can go wrong in a thread. */
const tasks: Pick<TaskFunctions, 'import'> = {
  async import(args, { host, signal, progress, moveWithResult }) {
    switch (args.name) {
      case 'dies':
        process.exit(3);
        break;
      case 'throws outside':
        setTimeout(() => {
          throw new Error('outside of any task');
        }, 0);
        await new Promise(() => undefined);
        break;
      case 'refuses':
        throw new FailureError(failure('format-damaged', 'Broken.', 'Mend it.', { line: 3 }));
      case 'never looks up':
        while (true) Math.random();
      case 'waits':
        progress({ bytesRead: 1, rowsRead: 1 });
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        throw new Error('interrupted');
      case 'calls':
        await host.addPrices([{ symbol: 'A', atUs: 1, price: 2 }]);
        break;
    }
    moveWithResult([]);
    return {
      format: args.name,
      formatTitle: '',
      confidence: 1,
      reason: '',
      counts: { rowsRead: 0, executions: 0, orderEvents: 0, otherRows: 0, duplicates: 0, quarantined: 0 },
      fills: 0,
      merged: 0,
      severalPerRow: false,
      cutLine: null,
      otherRowNames: {},
      quarantined: [],
      firstUs: null,
      lastUs: null,
      symbols: [],
      strategies: [],
      warnings: [],
      zoneAssumed: null,
    };
  },
};

if (!parentPort) throw new Error('This program runs in a worker thread only.');
serveTasks(parentPort, tasks as TaskFunctions); // the tests ask for no other task
