import type { Result } from '../../../shared/base/result';
import type { Format } from './format';

/** The formats a reader may choose from. */
export interface FormatRegistry {
  readonly formats: readonly Format[];
  /** The format a map describes: `map` is the id of a ready-made one or the text of a map file. Fails with `map-invalid`. */
  fromMap(map: string): Result<Format>;
}
