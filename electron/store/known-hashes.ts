import type { SegmentKey } from '../engine/ports';
import { statement } from './connection';
import type { Readers } from './readers';
import { bytesCell, numberCell } from './rows';
import { decodeHashes } from './segment-codec';
import { looseHashes } from './shared-segments';
import { visibleRows } from './visibility';

/** Which rows of a segment are stored already: hashes of its parts, and of what was merged away. */

const hashesOfParts = statement(
  'read hashes of segments',
  `SELECT wanted.key AS place, segment_parts.id, executions, hashes
   FROM json_each(?1) AS wanted
   CROSS JOIN segment_parts ON strategy = wanted.value ->> 'strategy' AND symbol = wanted.value ->> 'symbol'
     AND day = wanted.value ->> 'day' AND source = wanted.value ->> 'source'
   JOIN segment_data ON part_id = segment_parts.id
   WHERE ?2 IS NULL OR ${visibleRows} OR import_number = ?2
   ORDER BY segment_parts.id`,
);
const hashesOfMerged = statement(
  'read hashes of merged rows',
  `SELECT wanted.key AS place, hashes
   FROM json_each(?1) AS wanted
   CROSS JOIN merged_segments ON strategy = wanted.value ->> 'strategy' AND symbol = wanted.value ->> 'symbol'
     AND day = wanted.value ->> 'day' AND source = wanted.value ->> 'source'
   WHERE ?2 IS NULL OR ${visibleRows} OR import_number = ?2
   ORDER BY merged_segments.id`,
);

/**
 * Hash columns by segment, in the order of the keys. An import sees its own rows and those of imports that have ended; null = all there
 * are, also of an import that runs.
 */
export async function knownHashes(
  readers: Readers,
  keys: readonly SegmentKey[],
  importNumber: number | null,
): Promise<readonly BigUint64Array[][]> {
  const found: BigUint64Array[][] = keys.map(() => []);
  const values = [JSON.stringify(keys), importNumber];
  for (const row of await readers.all(hashesOfParts, values)) {
    const place = numberCell(row, 'place');
    const { strategy, symbol, day } = keys[place]!;
    const name = `segment part ${numberCell(row, 'id')} of ${strategy} ${symbol} ${day}`;
    found[place]!.push(decodeHashes(bytesCell(row, 'hashes'), numberCell(row, 'executions'), name));
  }
  for (const row of await readers.all(hashesOfMerged, values)) {
    const place = numberCell(row, 'place');
    found[place]!.push(looseHashes(row, keys[place]!.symbol));
  }
  return found;
}
