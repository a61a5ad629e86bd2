import { formatCount } from '../../../shared/base/format';
import { escapeMarkup, inks, svgOf } from './drawing';
import { type Sheet, type SheetCauses, type SheetFacts, type SheetList, stateWords } from './sheet';

/**
 * The sheet as one HTML file: no script, no address, nothing to fetch. Text of the logs (names, notes) is escaped wherever it stands; the
 * policy in the head forbids everything else in case a reader's browser should see more in it than text.
 */
export function sheetHtml(sheet: Sheet): string {
  const { name, strategy, subject, when, about, status, verdict, summary, reasons, figures, notes, foot } = sheet;
  const text = escapeMarkup;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${text(`${status} ${name}`)}</title>
<style>${styles}</style>
</head>
<body>
<article class="sheet">
<header>
<div class="status status-${status.toLowerCase()}"><span>${status}</span></div>
<div class="title"><h1>${text(subject)} · ${text(when)}</h1><p>${text(strategy)} · ${text(about)}</p></div>
</header>
<p class="verdict"><strong>${text(verdict)}.</strong> ${text(summary)}</p>
${reasons.length === 0 ? '' : `<ul class="reasons">${reasons.map((reason) => `<li>${text(reason)}</li>`).join('')}</ul>`}
<table>
<caption>Figures, with 95 % intervals and limits</caption>
<thead><tr><th scope="col">Figure</th><th scope="col">Value</th><th scope="col">95 % interval</th><th scope="col">Warn / limit</th><th scope="col">State</th><th scope="col">Detail</th></tr></thead>
<tbody>
${figures
  .map(
    (line) =>
      `<tr><th scope="row">${text(line.name)}</th><td>${text(line.value)}</td><td>${text(line.interval)}</td><td>${text(line.limits)}</td><td class="state-${line.state ?? 'none'}">${line.state === null ? '—' : stateWords[line.state]}</td><td>${text(line.detail)}</td></tr>`,
  )
  .join('\n')}
</tbody>
</table>
<div class="charts">
${
  sheet.drawings.length === 0
    ? `<p>${text(sheet.noDrawings)}</p>`
    : sheet.drawings
        .map((drawing) => `<figure><figcaption>${text(drawing.title)}</figcaption>${svgOf(drawing)}</figure>`)
        .join('\n')
}
</div>
${causesHtml(sheet.causes)}
<div class="facts">${sheet.facts.map(factsHtml).join('')}</div>
${notes.length === 0 ? '' : `<section class="notes"><h2>Notes on the data</h2><ul>${notes.map((note) => `<li>${text(note)}</li>`).join('')}</ul></section>`}
<div class="lists">${sheet.lists.map(listHtml).join('')}</div>
<footer>${foot.map((line) => `<p>${text(line)}</p>`).join('')}</footer>
</article>
</body>
</html>
`;
}

function causesHtml({ title, rows, rest }: SheetCauses): string {
  const text = escapeMarkup;
  const lines = rows.map(
    ({ cause, money, share, detail }) =>
      `<tr><th scope="row">${text(cause)}</th><td>${text(money)}</td><td>${text(share)}</td><td>${text(detail)}</td></tr>`,
  );
  const head =
    '<thead><tr><th scope="col">Cause</th><th scope="col">Money</th><th scope="col">Of the gap</th><th scope="col">What happened</th></tr></thead>';
  return `<section class="why"><h2>${text(title)}</h2>${rows.length === 0 ? '' : `<table>${head}<tbody>${lines.join('')}</tbody></table>`}${rest === '' ? '' : `<p>${text(rest)}</p>`}</section>`;
}

function factsHtml({ title, facts }: SheetFacts): string {
  const rows = facts.map(([name, value]) => `<div><dt>${escapeMarkup(name)}</dt><dd>${escapeMarkup(value)}</dd></div>`);
  return `<section><h2>${escapeMarkup(title)}</h2><dl>${rows.join('')}</dl></section>`;
}

function listHtml({ title, items, empty, more }: SheetList): string {
  const lines = items.map(({ lead, text }) => `<li><strong>${escapeMarkup(lead)}</strong> ${escapeMarkup(text)}</li>`);
  const rest = more === 0 ? '' : `<p>and ${formatCount(more)} more in the JSON report</p>`;
  const body = items.length === 0 ? `<p>${escapeMarkup(empty)}</p>` : `<ul>${lines.join('')}</ul>${rest}`;
  return `<section><h2>${escapeMarkup(title)}</h2>${body}</section>`;
}

const styles = `
@page { size: A4; margin: 8mm }
* { box-sizing: border-box; margin: 0; padding: 0 }
:host, body { display: block; background: #ffffff; color: ${inks.text}; font: 12px/1.35 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; font-variant-numeric: tabular-nums; -webkit-print-color-adjust: exact; print-color-adjust: exact }
.sheet { max-width: 190mm; margin: 0 auto; padding: 8mm 0; overflow-wrap: anywhere }
header { display: flex; gap: 14px; align-items: center }
h1 { font-size: 20px; line-height: 1.2 }
h2, caption, figcaption { font-size: 11px; font-weight: 700; text-align: left; border-bottom: 1px solid ${inks.text}; padding-bottom: 2px; margin-bottom: 4px }
header p, footer, .lists p { color: ${inks.muted} }
.status { flex: none; font-size: 20px; font-weight: 800; letter-spacing: .04em; padding: 7px 14px; border: 2px solid ${inks.text} }
.status-pass { border-color: ${inks.gain}; color: ${inks.gain} }
.status-pass span::before { content: "✓ " }
.status-warn { border-style: double; border-width: 5px; border-color: ${inks.limit}; color: ${inks.limit} }
.status-warn span::before { content: "▲ " }
.status-fail { background: ${inks.loss}; border-color: ${inks.loss}; color: #ffffff }
.status-fail span::before { content: "■ " }
.status-unknown { border-style: dashed; color: ${inks.muted}; border-color: ${inks.muted} }
.status-unknown span::before { content: "? " }
.verdict { margin: 8px 0 3px; font-size: 13px }
ul { padding-left: 15px }
.reasons { margin-bottom: 4px }
table { width: 100%; border-collapse: collapse; margin-top: 7px; font-size: 11px }
caption { margin-bottom: 0 }
th, td { text-align: left; padding: 2px 6px 2px 0; border-bottom: 1px solid ${inks.rule}; vertical-align: top; font-weight: 400 }
thead th { color: ${inks.muted}; font-size: 10px }
tbody th, td:nth-child(2) { font-weight: 700; white-space: nowrap }
thead th, td:nth-child(-n+5) { white-space: nowrap }
.state-limit, .state-critical { color: ${inks.loss}; font-weight: 700 }
.state-warn { color: ${inks.limit}; font-weight: 700 }
.charts { display: grid; grid-template-columns: 1fr 1fr; gap: 6mm; margin-top: 9px }
.charts svg { display: block; width: 100%; height: auto }
.why { margin-top: 9px }
.why h2 { margin: 0 }
.why table { margin: 0; font-size: 10.5px }
.why td:nth-child(-n+3) { text-align: right; padding-right: 14px }
.why thead th:nth-child(2), .why thead th:nth-child(3) { text-align: right; padding-right: 14px }
.why td:nth-child(4) { width: 58%; white-space: normal }
.why p { color: ${inks.muted}; font-size: 10.5px; padding-top: 2px }
.facts { display: grid; grid-template-columns: repeat(3, 1fr); gap: 6mm; margin-top: 9px; font-size: 11px }
dl > div { display: flex; justify-content: space-between; gap: 8px }
dt { color: ${inks.muted} }
dd { text-align: right }
.notes { margin-top: 8px; font-size: 10.5px }
.lists { display: grid; grid-template-columns: repeat(auto-fit, minmax(54mm, 1fr)); gap: 6mm; margin-top: 9px; font-size: 10.5px }
.lists ul { list-style: none; padding: 0 }
.lists li { margin-bottom: 4px }
footer { margin-top: 9px; padding-top: 4px; border-top: 1px solid ${inks.rule}; font-size: 9.5px }
@media (max-width: 640px) { .sheet { padding: 8mm } .charts, .facts { grid-template-columns: 1fr } table { display: block; overflow-x: auto } }
@media print { .sheet { max-width: none; padding: 0; zoom: .74 } }
`;
