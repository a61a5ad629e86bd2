import { FailureError } from '../../../shared/base/errors';
import { formatsOutputSchemaId } from '../../../shared/contract/output';
import { listedFormats, listedMaps } from '../../engine/imports/listing';
import type { Session } from '../session';
import { exitCode, usageFailure } from '../terminal';
import { table } from '../text';

/** Lists what can be imported, or tells of one format or map. */
export function listFormats({ terminal, json }: Session, id: string | undefined): number {
  const chosenFormats = listedFormats.filter((format) => id === undefined || format.id === id);
  const chosenMaps = listedMaps.filter((map) => id === undefined || map.id === id);
  if (id !== undefined && chosenFormats.length + chosenMaps.length === 0) {
    throw new FailureError(usageFailure(`There is no format or map "${id}".`, 'Run "lockstep formats" for the list.'));
  }
  if (json) {
    const document = { schema: formatsOutputSchemaId, formats: chosenFormats, maps: chosenMaps };
    terminal.out(`${JSON.stringify(document)}\n`);
  } else if (id !== undefined) {
    for (const { id, title, describes, kind, exampleHeader } of chosenFormats) {
      terminal.out(
        `${id}: ${title} (${kind})\n  ${describes}\n${exampleHeader === null ? '' : `  header: ${exampleHeader}\n`}`,
      );
    }
    for (const { id, title, describes } of chosenMaps) terminal.out(`${id}: ${title} (map)\n  ${describes}\n`);
  } else {
    terminal.out(
      `${table(
        chosenFormats.map(({ id, kind, title }) => [id, kind, title]),
        [0, 1, 2],
      )}\n`,
    );
    if (chosenMaps.length > 0) {
      terminal.out(
        `\nMaps, for --map:\n${table(
          chosenMaps.map(({ id, title }) => [id, title]),
          [0, 1],
        )}\n`,
      );
    }
  }
  return exitCode.done;
}
