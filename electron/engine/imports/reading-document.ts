import { z } from 'zod';
import { FailureError, failure } from '../../../shared/base/errors';
import type { DelimitedSample } from './format';
import { normaliseHeader } from './formats/header';
import type { ReadHints, ReadRequest } from './import-task';
import type { Reading } from './recognise';

/** What a file was read by, as text that is kept with its quarantined rows: enough to read one of them again without the file. */

const hint = z.string().nullable();
const documentSchema = z.strictObject({
  format: z.string(),
  hints: z.looseObject({ format: hint, map: hint, zone: hint, symbol: hint }),
  strategy: hint,
  version: hint,
  account: hint,
  /** Header and first rows, by which decimal mark and date order are judged; null where the source has no header. */
  sample: z
    .strictObject({
      delimiter: z.enum([',', ';', '\t', '|']),
      rawHeader: z.array(z.string()),
      rows: z.array(z.array(z.string())),
    })
    .nullable(),
});

export interface StoredReadingContext {
  readonly format: string;
  readonly hints: ReadHints;
  readonly strategy: string | null;
  readonly version: string | null;
  readonly account: string | null;
  readonly sample: Pick<DelimitedSample, 'delimiter' | 'rawHeader' | 'rows'> | null;
}

export function readingDocument(
  { hints, strategy, version, account }: Pick<ReadRequest, 'hints' | 'strategy' | 'version' | 'account'>,
  { format, sample }: Pick<Reading, 'format' | 'sample'>,
): string {
  const context: StoredReadingContext = {
    format: format.id,
    hints,
    strategy,
    version,
    account,
    sample:
      sample.kind === 'delimited'
        ? { delimiter: sample.delimiter, rawHeader: sample.rawHeader, rows: sample.rows }
        : null,
  };
  return JSON.stringify(context);
}

/** Throws `store-corrupt` on a text that {@link readingDocument} did not make. */
export function readingContext(document: string): StoredReadingContext {
  const parsed = documentSchema.safeParse(JSON.parse(document));
  if (parsed.success) return parsed.data;
  throw new FailureError(
    failure(
      'store-corrupt',
      'What the quarantined rows of a file were read by is damaged in the store.',
      'Correct the rows in the file itself and import it again.',
    ),
  );
}

/** The sample with its header as the first line. */
export function delimitedSampleOf(stored: NonNullable<StoredReadingContext['sample']>): DelimitedSample {
  return { kind: 'delimited', ...stored, header: normaliseHeader(stored.rawHeader), headerLine: 1 };
}
