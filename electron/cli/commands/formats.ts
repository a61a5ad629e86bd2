import { FailureError } from '../../../shared/base/errors';
import type { FormatColumn, FormatPage } from '../../../shared/contract/format-page';
import { formatsOutputSchemaId } from '../../../shared/contract/output';
import { formatById } from '../../engine/imports/formats';
import { listedFormats, listedMaps } from '../../engine/imports/listing';
import { describeFormat } from '../../engine/imports/reference';
import type { Session } from '../session';
import { exitCode, usageFailure } from '../terminal';
import { table } from '../text';

/** Lists what can be imported, or tells of one format or map. */
export async function listFormats({ terminal, json }: Session, id: string | undefined): Promise<number> {
  const chosenFormats = listedFormats.filter((format) => id === undefined || format.id === id);
  const chosenMaps = listedMaps.filter((map) => id === undefined || map.id === id);
  if (id !== undefined && chosenFormats.length + chosenMaps.length === 0) {
    throw new FailureError(usageFailure(`There is no format or map "${id}".`, 'Run "lockstep formats" for the list.'));
  }
  const format = id === undefined ? null : formatById(id);
  const page = format === null ? null : await describeFormat(format);
  if (json) {
    const document = {
      ...{ schema: formatsOutputSchemaId, formats: chosenFormats, maps: chosenMaps },
      ...(page !== null && { page }),
    };
    terminal.out(`${JSON.stringify(document)}\n`);
  } else if (page !== null) {
    terminal.out(pageText(page));
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

/** The reference page of one format, for people. */
function pageText(page: FormatPage): string {
  const { columns, exampleHeader, exampleRows, otherRows, needs, impliedSource } = page;
  const fact = (name: string, value: string): string => `${name.padEnd(10)}${value}\n`;
  const used = columns.filter(({ use }) => use !== 'ignored');
  const ignored = columns.filter(({ use }) => use === 'ignored');
  const example = [...(exampleHeader === null ? [] : [exampleHeader]), ...exampleRows];
  return [
    `${page.id}: ${page.title} (${page.kind})\n${page.describes}\n\n`,
    fact('Content', page.content),
    fact('Source', impliedSource === null ? 'live or backtest, as you say' : `always ${impliedSource}`),
    fact('Rows', page.rows),
    fact('Times', page.times),
    fact('Fees', page.fees),
    fact('Same trade', ` ${page.identity}`),
    fact('No trades', otherRows.length === 0 ? 'none known' : otherRows.join(', ')),
    ...(needs.length === 0 ? [] : [fact('You say', needs.map((need) => `--${need}`).join(' '))]),
    used.length === 0 ? '' : `\nRead:\n${table(used.map(columnLine), [0, 1, 2])}\n`,
    ignored.length === 0 ? '' : `\nIgnored: ${ignored.map(({ name }) => name).join(', ')}\n`,
    example.length === 0 ? '' : `\nExample:\n${example.map((line) => `  ${line}\n`).join('')}`,
  ].join('');
}

function columnLine({ name, use, feeds }: FormatColumn): readonly string[] {
  return [`  ${name}`, use === 'required' ? 'must be there' : '', feeds.length === 0 ? 'checked' : feeds.join(', ')];
}
