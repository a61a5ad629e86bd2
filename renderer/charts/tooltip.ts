import { cssColour, type PaletteColour } from './palette';

/** The box beside the pointer, built from elements: nothing of a log is ever read as markup. */
export interface TooltipRow {
  readonly label: string;
  readonly value: string;
  readonly colour?: PaletteColour;
}

export function tooltipBox(title: string, rows: readonly TooltipRow[], hint?: string): HTMLElement {
  const box = element('div', 'chart-tip');
  box.append(element('div', 'chart-tip-title', title));
  const list = element('dl');
  for (const row of rows) {
    const term = element('dt', undefined, row.label);
    if (row.colour) {
      const mark = element('span', 'chart-tip-mark');
      mark.style.background = cssColour(row.colour);
      term.prepend(mark);
    }
    list.append(term, element('dd', undefined, row.value));
  }
  box.append(list);
  if (hint !== undefined) box.append(element('div', 'chart-tip-hint', hint));
  return box;
}

function element(name: string, className?: string, text?: string): HTMLElement {
  const made = document.createElement(name);
  if (className !== undefined) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}
