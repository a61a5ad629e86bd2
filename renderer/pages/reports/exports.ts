import { zipSync } from 'fflate';
import { failure } from '../../../shared/base/errors';
import { fail, type Result } from '../../../shared/base/result';
import type { CallArgs, CallResult } from '../../../shared/contract/calls';
import { call, saveFile } from '../../api/engine';

/** Reports on their way out of the console: one as a file, many as an archive that is made here, report by report. */

export type ReportFormat = CallArgs<'reports.export'>['format'];
export type Selection = Omit<CallArgs<'reports.export'>, 'format' | 'paper'>;

/** A sheet of the paper this part of the world uses. */
const paper: CallArgs<'reports.export'>['paper'] = /^(en-US|en-CA|es-MX|fr-CA)$/.test(navigator.language)
  ? 'LETTER'
  : 'A4';

/** Makes the file and offers it to the user; null = the user chose no place. */
export async function exportReport(
  selection: Selection,
  format: ReportFormat,
): Promise<Result<{ readonly name: string } | null>> {
  const made = await call('reports.export', { ...selection, format, paper });
  if (!made.ok) return made;
  return saveFile({ name: made.value.name, content: bytesOf(made.value) });
}

/** Makes the files one after the other and offers them as one archive. `onFile` hears how many are made; aborting stops it. */
export async function exportReports(
  name: string,
  selections: readonly Selection[],
  format: ReportFormat,
  onFile: (made: number) => void,
  signal: AbortSignal,
): Promise<Result<{ readonly name: string } | null>> {
  const members: Record<string, Uint8Array> = {};
  for (const [index, selection] of selections.entries()) {
    if (signal.aborted)
      return fail(failure('cancelled', 'The export was cancelled.', 'Start it again when you need it.'));
    const made = await call('reports.export', { ...selection, format, paper });
    if (!made.ok) return made;
    members[made.value.name] = bytesOf(made.value);
    onFile(index + 1);
  }
  if (signal.aborted)
    return fail(failure('cancelled', 'The export was cancelled.', 'Start it again when you need it.'));
  return saveFile({ name, content: new Uint8Array(zipSync(members, { level: format === 'pdf' ? 0 : 6 })) });
}

function bytesOf({ encoding, content }: CallResult<'reports.export'>): Uint8Array<ArrayBuffer> {
  if (encoding === 'utf8') return new TextEncoder().encode(content);
  const binary = atob(content);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
