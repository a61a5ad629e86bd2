import { failure } from '../../../shared/base/errors';
import { fail, ok, type Result } from '../../../shared/base/result';
import type { Format } from './format';
import { formatById, formats, readyMaps } from './formats';
import { formatOfMap, readMap } from './map';

/** The formats a reader may choose from. */
export interface FormatRegistry {
  readonly formats: readonly Format[];
  /** The format a map describes: `map` is the id of a ready-made one or the text of a map file. Fails with `map-invalid`. */
  fromMap(map: string): Result<Format>;
}

/** Everything this version reads. */
export const allFormats: FormatRegistry = {
  formats,
  fromMap(map) {
    if (map.includes('{')) {
      const read = readMap(map);
      return read.ok ? ok(formatOfMap(read.value)) : read;
    }
    const ready = readyMaps.some(({ id }) => id === map) ? formatById(map) : null;
    if (ready) return ok(ready);
    return fail(
      failure(
        'map-invalid',
        `There is no ready-made map "${map.slice(0, 100)}".`,
        `Name a map file, or one of: ${readyMaps.map(({ id }) => id).join(', ')}.`,
      ),
    );
  },
};
