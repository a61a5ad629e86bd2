import { createFollowService } from '../../electron/engine/follow/follow-service';
import { systemClock, systemIds } from '../../electron/engine/system';
import { createWorkerPool } from '../../electron/engine/worker/pool';
import { deskStores, openForeignDatabase } from '../../electron/store';

/**
 * A process that follows the watches of a desk and may be killed at any moment. Arguments: worker script, desk folder. Writes
 * `following` when it begins and `caught-up` each time everything that was written is read.
 */
const [script = '', folder = ''] = process.argv.slice(2);
const opened = await deskStores({ clock: systemClock, ids: systemIds }).openDeskStore(folder, 'existing');
if (!opened.ok) throw new Error(opened.error.message);
const service = createFollowService({
  store: opened.value,
  runner: createWorkerPool({ script, threads: 1 }),
  openForeignDatabase,
  clock: systemClock,
  ids: systemIds,
  log: (line) => void process.stderr.write(`${line}\n`),
});
process.stdout.write('following\n');
while (true) {
  await service.caughtUp();
  process.stdout.write('caught-up\n');
}
