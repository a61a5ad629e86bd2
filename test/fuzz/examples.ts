import type { Format } from '../../electron/engine/imports/format';
import { formats } from '../../electron/engine/imports/formats';
import { apiMessages } from '../../electron/engine/imports/formats/api-examples';

/** The example of each format's reference page as a log: what the fuzzer begins from. */

export interface ExampleLog {
  readonly format: Format;
  /** A database is JSON text: an object of its tables' rows. */
  readonly text: string;
}

/** The formats that hold something, in order of their ids. */
export const exampleLogs: readonly ExampleLog[] = formats
  .filter(({ reader }) => reader.shape !== 'nothing')
  .map((format) => ({ format, text: textOf(format) }))
  .sort((left, right) => (left.format.id < right.format.id ? -1 : 1));

function textOf(format: Format): string {
  const message = apiMessages[format.id];
  if (format.exampleRows === undefined) return JSON.stringify([message, message], null, 1);
  const header = format.reader.shape === 'delimited' && format.exampleHeader !== null ? [format.exampleHeader] : [];
  return [...header, ...format.exampleRows, ''].join('\n');
}
