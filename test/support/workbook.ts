import { zipOf } from './zip';

/** Writes Excel workbooks cell by cell, also such as Excel would not write. */

export type Cell =
  | null
  /** A text of the shared list. */
  | string
  /** A number as it stands in the file. */
  | { readonly number: string; readonly style?: number }
  | { readonly inline: string }
  | { readonly raw: string };

export interface WorkbookSheet {
  readonly name: string;
  /** Row number and its cells from column A; null = no cell. */
  readonly rows: readonly (readonly [number, readonly Cell[]])[];
  /** Put in place of the sheet's XML. */
  readonly xml?: string;
}

export interface WorkbookOptions {
  readonly from1904?: boolean;
  readonly leaveOut?: readonly string[];
}

/** Style 1 is a date (built-in format 22), style 2 a date of an own format, style 3 a time, style 4 a number of two decimals. */
const styles = `<styleSheet xmlns="main"><numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss.000"/>
<numFmt numFmtId="165" formatCode="[$-F400]h:mm:ss\\ AM/PM"/></numFmts><cellStyleXfs><xf numFmtId="22"/></cellStyleXfs>
<cellXfs><xf numFmtId="0"/><xf numFmtId="22"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="2"/></cellXfs></styleSheet>`;

export function workbookOf(sheets: readonly WorkbookSheet[], options: WorkbookOptions = {}): Buffer {
  const shared: string[] = [];
  const parts = sheets.map(({ rows, xml }, index) => ({
    name: `xl/worksheets/sheet${index + 1}.xml`,
    content:
      xml ??
      `<worksheet xmlns="main"><sheetData>${rows.map((row) => rowXml(row, shared)).join('')}</sheetData></worksheet>`,
  }));
  const list = sheets.map(
    ({ name }, index) => `<sheet name="${escaped(name)}" sheetId="${index + 1}" r:id="r${index + 1}"/>`,
  );
  const relations = sheets.map(
    (_, index) =>
      `<Relationship Id="r${index + 1}" Type="http://x/relationships/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`,
  );
  const members = [
    { name: '[Content_Types].xml', content: '<Types/>' },
    {
      name: 'xl/workbook.xml',
      content: `<workbook xmlns="main" xmlns:r="rel"><workbookPr${options.from1904 ? ' date1904="1"' : ''}/><sheets>${list.join('')}</sheets></workbook>`,
    },
    { name: 'xl/_rels/workbook.xml.rels', content: `<Relationships>${relations.join('')}</Relationships>` },
    { name: 'xl/styles.xml', content: styles },
    {
      name: 'xl/sharedStrings.xml',
      content: `<sst xmlns="main">${shared.map((text) => `<si><r><t xml:space="preserve">${escaped(text.slice(0, 2))}</t></r><r><t>${escaped(text.slice(2))}</t></r><rPh><t>reading</t></rPh></si>`).join('')}</sst>`,
    },
    ...parts,
  ];
  return zipOf(members.filter(({ name }) => !options.leaveOut?.includes(name)));
}

function rowXml([row, cells]: readonly [number, readonly Cell[]], shared: string[]): string {
  const written = cells.map((cell, index) => {
    const at = `r="${String.fromCharCode(65 + index)}${row}"`;
    if (cell === null) return '';
    if (typeof cell === 'string') {
      shared.push(cell);
      return `<c ${at} t="s"><v>${shared.length - 1}</v></c>`;
    }
    if ('inline' in cell) return `<c ${at} t="inlineStr"><is><t>${escaped(cell.inline)}</t></is></c>`;
    if ('raw' in cell) return cell.raw.replace('AT', at);
    return `<c ${at} s="${cell.style ?? 0}"><v>${cell.number}</v></c>`;
  });
  return `<row r="${row}">${written.join('')}</row>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
