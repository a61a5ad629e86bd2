import { valueOrThrow } from '../../../shared/base/result';
import { formatIsoUs } from '../../../shared/base/time';
import type { CallResult } from '../../../shared/contract/calls';
import { mergedOutputSchemaId } from '../../../shared/contract/output';
import type { Session } from '../session';
import { exitCode } from '../terminal';

export interface MergedOptions {
  readonly import?: string;
}

type Rows = CallResult<'imports.merged'>['rows'];

const rowsPerCall = 1_000;

/** Lists what was merged: the trade, the row it is kept by and the row that told it too. */
export async function listMerged({ withDesk, terminal, json }: Session, options: MergedOptions): Promise<number> {
  return withDesk('existing', async (_desk, engine) => {
    const rows: Rows = [];
    for (let total = 1; rows.length < total; ) {
      const page = { offset: rows.length, limit: rowsPerCall };
      const found = valueOrThrow(await engine.ask('imports.merged', { importId: options.import ?? null, page }));
      if (found.rows.length === 0) break;
      rows.push(...found.rows);
      total = found.total;
    }
    if (json) terminal.out(`${JSON.stringify({ schema: mergedOutputSchemaId, rows })}\n`);
    else terminal.out(rows.length === 0 ? 'No trade is told by several logs.\n' : rows.map(describe).join(''));
    return exitCode.done;
  });
}

function describe({ kept, merged, execution, rule }: Rows[number]): string {
  const { executedAtUs, symbol, side, quantity, price } = execution;
  const [because, first, second] = wordsOf(rule);
  return `${formatIsoUs(executedAtUs)}  ${symbol}  ${side} ${quantity} at ${price}, ${because}
  ${first}  ${kept.fileName} line ${kept.line} (${kept.format})
  ${second}  ${merged.fileName} line ${merged.line} (${merged.format})
`;
}

/** Why, and what the two rows are, as wide as each other. */
function wordsOf(rule: Rows[number]['rule']): readonly [string, string, string] {
  if (rule === 'trade bust') return ['taken back', 'by    ', 'trade '];
  if (rule === 'trade correction') return ['corrected', 'by    ', 'trade '];
  return [`same ${rule}`, 'kept  ', 'merged'];
}
