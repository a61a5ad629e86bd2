import { join } from 'node:path';
import { sampleOutputSchemaId } from '../../../shared/contract/output';
import { sampleFolder } from '../../engine/engine';
import { makeSampleDesk } from '../../engine/sample/make-sample-desk';
import { createProgress } from '../progress';
import type { Session } from '../session';
import { exitCode } from '../terminal';
import { table } from '../text';

/** Makes the sample desk where there is none, and tells how to look at it. */
export async function sample(session: Session): Promise<number> {
  const { terminal, json } = session;
  const directory = join(session.dataDirectory, sampleFolder);
  const parts = session.parts('create');
  const progress = createProgress(terminal, json);
  progress.start('sample desk');
  try {
    await makeSampleDesk(directory, parts, ({ done, total }) => progress.show(done, total, `step ${done} of ${total}`));
  } finally {
    progress.end();
    await parts.tasks.close();
  }
  const strategies = await session.at(directory).withDesk('existing', async (desk) => {
    const found = [];
    for (const summary of await desk.store.executions.strategies()) {
      const [latest] = await desk.parity.daily(summary.strategy, null, summary.lastDay, summary.lastDay);
      found.push({ ...summary, status: latest?.status ?? 'UNKNOWN' });
    }
    return found;
  });
  if (json) {
    terminal.out(`${JSON.stringify({ schema: sampleOutputSchemaId, directory, strategies })}\n`);
    return exitCode.done;
  }
  const rows = strategies.map(({ status, strategy, symbols, firstDay, lastDay }) => [
    '  ',
    status,
    strategy,
    `${symbols} symbols`,
    `${firstDay} to ${lastDay}`,
  ]);
  const [first] = strategies;
  terminal.out(
    `The sample desk is in ${directory}\n${table(rows, [0, 1, 2, 3, 4])}\n\nLook at it with: lockstep report --data-dir ${JSON.stringify(directory)} --strategy ${first?.strategy ?? ''}\n`,
  );
  return exitCode.done;
}
