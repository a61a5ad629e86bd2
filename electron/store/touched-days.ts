import { isUtcDay } from '../../shared/base/time';
import type { TouchedDay, TouchedDays } from '../engine/ports';
import { type Row, statement } from './connection';
import type { Readers } from './readers';
import { damaged, numberCell, textCell } from './rows';
import { visibleRows } from './visibility';
import type { Transaction, WriteQueue } from './write-queue';

/**
 * The days whose reports may be out of date, as triggers mark them (migration 8). Reading them first turns marks that reach beyond one
 * day into marks of the days in their reach that have reports. A day without a report needs none: what brought it marked it.
 */

const hasRanges = statement(
  'look for touched ranges',
  `SELECT EXISTS (SELECT 1 FROM touched_ranges WHERE ${visibleRows}) AS found`,
);
/** Days that are marked already are marked again: whoever looks at one just now may have looked before the range was touched. */
const markDays = statement(
  'mark the days of touched ranges',
  `INSERT INTO touched_days (strategy, day, import_number, mark)
   SELECT known.strategy, known.day, 0, random() >> 11 FROM touched_ranges AS reach
   CROSS JOIN (SELECT strategy, day FROM reports WHERE symbol = '' UNION SELECT strategy, day FROM touched_days) AS known
   WHERE (reach.strategy = '' OR known.strategy = reach.strategy) AND known.day BETWEEN first_day AND last_day
     AND ${visibleRows}
   ON CONFLICT DO UPDATE SET mark = excluded.mark`,
);
const removeRanges = statement('forget touched ranges', `DELETE FROM touched_ranges WHERE ${visibleRows}`);
export const selectTouched = statement(
  'list touched days',
  `SELECT strategy, day, import_number, mark FROM touched_days WHERE ${visibleRows} ORDER BY strategy, day`,
);
const removeTouched = statement(
  'note that touched days were looked at',
  `DELETE FROM touched_days WHERE (strategy, day, import_number, mark) IN
     (SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?))`,
);

export class StoredTouchedDays implements TouchedDays {
  constructor(
    private readonly queue: WriteQueue,
    private readonly readers: Readers,
  ) {}

  async list(): Promise<readonly TouchedDay[]> {
    const ranges = await this.readers.get(hasRanges);
    if (numberCell(ranges ?? {}, 'found') === 1) {
      await this.queue.transaction('decision', async (transaction) => {
        await transaction.run(markDays);
        await transaction.run(removeRanges);
      });
    }
    return (await this.readers.all(selectTouched)).map(touchedDayOf);
  }

  async looked(days: readonly TouchedDay[]): Promise<void> {
    if (days.length > 0) await this.queue.transaction('bulk', (transaction) => removeMarks(transaction, days));
  }
}

/** Marks that were set anew since they were read stay. */
export async function removeMarks(transaction: Transaction, days: readonly TouchedDay[]): Promise<void> {
  const marks = days.map(({ strategy, day, importNumber, mark }) => [strategy, day, importNumber, mark]);
  await transaction.run(removeTouched, [JSON.stringify(marks)]);
}

function touchedDayOf(row: Row): TouchedDay {
  const day = textCell(row, 'day');
  if (!isUtcDay(day)) throw damaged(`"${day}" is not a day`);
  return {
    strategy: textCell(row, 'strategy'),
    day,
    importNumber: numberCell(row, 'import_number'),
    mark: numberCell(row, 'mark'),
  };
}
