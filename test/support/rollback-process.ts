import { createRollbackRunner } from '../../electron/engine/rollback/runner';
import { createSecretVault, noKeychain } from '../../electron/engine/rollback/secret-file';
import { systemClock, systemWait } from '../../electron/engine/system';
import { FileJournal } from './rollback-journal';

/** A process that runs what is unfinished of the rollback in a journal and may be killed at any moment. Argument: the journal's file. */
const [file = ''] = process.argv.slice(2);
const runner = createRollbackRunner({
  journal: new FileJournal(file),
  secrets: createSecretVault({
    file: `${file}.secrets`,
    cipher: noKeychain,
    environment: process.env,
    clock: systemClock,
  }),
  clock: systemClock,
  wait: systemWait,
  log: (line) => process.stderr.write(`${line}\n`),
});
process.stdout.write('started\n');
const ended = await runner.run('d1');
process.stdout.write(`${JSON.stringify(ended)}\n`);
