import { createImportService, noHints } from '../../electron/engine/imports/import-service';
import { systemClock, systemIds } from '../../electron/engine/system';
import { createWorkerPool } from '../../electron/engine/worker/pool';
import { deskStores, openForeignDatabase } from '../../electron/store';

/**
 * A process that imports one file into a desk and may be killed at any moment. Arguments: worker script, desk folder, file. Writes
 * `started` when the import begins and `done` when it has ended.
 */
const [script = '', folder = '', path = ''] = process.argv.slice(2);
const opened = await deskStores({ clock: systemClock, ids: systemIds }).openDeskStore(folder, 'existing');
if (!opened.ok) throw new Error(opened.error.message);
const runner = createWorkerPool({ script, threads: 1 });
const imports = createImportService({
  store: opened.value.imports,
  runner,
  openForeignDatabase,
  clock: systemClock,
  ids: systemIds,
});
process.stdout.write('started\n');
const outcome = await imports.wait(
  imports.start({
    file: { path, name: 'killed.csv', uploaded: false },
    source: 'live',
    strategy: 'alpha',
    version: null,
    account: null,
    hints: noHints,
  }),
);
if (!outcome.ok) throw new Error(outcome.error.message);
await opened.value.close();
await runner.close();
process.stdout.write('done\n');
