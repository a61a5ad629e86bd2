import { describe, expect, it } from 'vitest';
import { csvLine } from '../../electron/engine/reports/orders-csv';
import { type SheetInput, sheetName, sheetOf } from '../../electron/engine/reports/sheet';
import { sheetHtml } from '../../electron/engine/reports/sheet-html';
import { sheetPdf } from '../../electron/engine/reports/sheet-pdf';
import { causeReasons } from '../../shared/parity/cause-names';
import { compareReports } from '../../shared/parity/comparison';
import type { Report } from '../../shared/parity/document';
import type { Explanation } from '../../shared/parity/explanation';
import { publishedReport } from '../../shared/parity/published';
import { defaultParitySettings } from '../../shared/parity/settings';
import { reportWith } from './pages/report-fixture';

const hostile = `<script>alert(1)</script>"'&</style></title><img src=x onerror=alert(2)>\u202egnp.exe\u0000`;

function sheetInput(report: Report, changes: Partial<SheetInput> = {}): SheetInput {
  return {
    report,
    series: null,
    days: [],
    limits: defaultParitySettings,
    explanation: { unexplained: 'not asked for' },
    madeAtUs: 1_900_000_000_000_000,
    revisions: 1,
    sample: false,
    version: '1.2.3',
    ...changes,
  };
}

const { key } = reportWith({});

/** Causes of a gap with their money, the largest first. */
function explained(money: readonly number[], words: string): Explanation {
  const gap = money.reduce((sum, value) => sum + value, 0);
  return {
    key,
    currency: 'USDT',
    capital: { value: 15_300, basis: 'estimated' },
    gap,
    gapBps: null,
    residual: 0,
    sentence: words,
    causes: money.map((value, index) => ({
      cause: 'late',
      reason: causeReasons[index] ?? 'other.other',
      title: index === 0 ? words : `cause ${index}`,
      money: value,
      bps: null,
      shareOfGap: value / gap,
      orders: 3,
      mainOrders: 1,
      sentence: words,
      next: words,
    })),
    untold: [],
  };
}

const hostileReport = reportWith({
  key: { ...key, strategy: hostile, symbol: hostile },
  currency: hostile,
  reasons: [{ code: 'tracking-error', message: hostile }],
  breaches: [
    {
      metric: 'trackingErrorBps',
      value: 30,
      limit: 25,
      severity: 'critical',
      firstSeenUs: 1_930_000_000_000_000,
      largestOrders: [{ id: hostile, symbol: hostile, gap: -1 }],
    },
  ],
  recommendations: [{ topic: 'fees', what: hostile, why: hostile, expectedEffectBps: 3 }],
  dataQuality: { ...reportWith({}).dataQuality, notes: [hostile] },
});

describe('a report as a web page', () => {
  it('holds names and notes of the logs as text and as nothing else', () => {
    const html = sheetHtml(sheetOf(sheetInput(hostileReport, { explanation: explained([-1, -2], hostile) })));
    const tags = new Set([...html.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, name]) => name?.toLowerCase()));
    for (const name of ['script', 'img', 'iframe', 'link', 'a', 'form', 'object']) expect(tags).not.toContain(name);
    expect(html.match(/<style>/g)).toHaveLength(1);
    expect(html.match(/<title>/g)).toHaveLength(1);
    for (const character of ['\u0000', '\u202e']) expect(html).not.toContain(character);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('fetches nothing and runs nothing', () => {
    const html = sheetHtml(sheetOf(sheetInput(reportWith({}))));
    expect(html).not.toMatch(/ (src|href)=|url\(|@import/);
    expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:/);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  it('puts the verdict first, then every figure with its limit and state', () => {
    const sheet = sheetOf(sheetInput(reportWith({ status: 'FAIL', trackingErrorBps: 27.4, worstTrackingBps: 27.4 })));
    expect(sheet.verdict).toBe('Out of parity');
    expect(sheet.figures[0]).toMatchObject({
      name: 'Tracking error',
      value: '27.4 bps/day',
      limits: '15 / 20',
      state: 'critical',
    });
    const html = sheetHtml(sheet);
    const places = ['FAIL', 'Out of parity', 'Tracking error', 'Where the money goes', 'Limits crossed', 'Method'].map(
      (word) => html.indexOf(word, html.indexOf('<body')),
    );
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places.every((at) => at > 0)).toBe(true);
  });
});

describe('why the day differs, on the page', () => {
  const day = reportWith({});
  it('has the largest causes with money and share, and the rest as one sum', () => {
    const { causes } = sheetOf(sheetInput(day, { explanation: explained([-8, -4, 2, -1, -0.75, -0.25], 'Fees.') }));
    expect(causes.title).toBe('Why this day differs');
    expect(causes.rows.map(({ cause, money, share }) => [cause, money, share])).toEqual([
      ['Fees.', '−8.00 USDT', '66.7 %'],
      ['cause 1', '−4.00 USDT', '33.3 %'],
      ['cause 2', '+2.00 USDT', '−16.7 %'],
      ['cause 3', '−1.00 USDT', '8.3 %'],
    ]);
    expect(causes.rest).toBe('and 2 smaller causes, together −1.00 USDT');
    const window = reportWith({ key: { ...key, to: '2031-03-09' } });
    expect(sheetOf(sheetInput(window)).causes).toEqual({
      title: 'Why these days differ',
      rows: [],
      rest: 'not asked for',
    });
  });
});

function pages(pdf: Uint8Array): number {
  return (
    Buffer.from(pdf)
      .toString('latin1')
      .match(/\/Type \/Page\b/g)?.length ?? 0
  );
}

describe('a report as a PDF', () => {
  it('is one page on either paper, whatever the logs are called', async () => {
    const many = Array.from({ length: 40 }, () => hostileReport);
    const crowded = reportWith({
      ...hostileReport,
      status: 'UNKNOWN',
      reasons: many.flatMap(({ reasons }) => reasons),
      breaches: many.flatMap(({ breaches }) => breaches),
      recommendations: many.flatMap(({ recommendations }) => recommendations),
      dataQuality: {
        ...hostileReport.dataQuality,
        notes: many.map(({ dataQuality }) => dataQuality.notes.join().repeat(20)),
      },
    });
    const explanations = [
      explained([-7.2, -5.2], 'Fees cost 7.20 USDT.'),
      explained(Array(20).fill(-1), hostile.repeat(9)),
    ];
    for (const [index, report] of [reportWith({}), crowded].entries()) {
      const sheet = sheetOf(sheetInput(report, { explanation: explanations[index]! }));
      for (const [paper, box] of [
        ['A4', '/MediaBox [0 0 595.28 841.89]'],
        ['LETTER', '/MediaBox [0 0 612 792]'],
      ] as const) {
        const pdf = await sheetPdf(sheet, paper, 1_900_000_000_000_000);
        const text = Buffer.from(pdf).toString('latin1');
        expect(text.startsWith('%PDF-1.7')).toBe(true);
        expect(pages(pdf)).toBe(1);
        expect(text).toContain(box);
        expect(text).not.toMatch(/\/(JavaScript|JS|URI|Launch|EmbeddedFile)\b/);
      }
    }
  });

  it('is the same bytes for the same sheet, with an embedded font', async () => {
    const sheet = sheetOf(sheetInput(reportWith({})));
    const [one, other] = [await sheetPdf(sheet, 'A4', 1e15), await sheetPdf(sheet, 'A4', 1e15)];
    expect(Buffer.from(one).equals(Buffer.from(other))).toBe(true);
    expect(Buffer.from(one).toString('latin1')).toMatch(/\/FontFile2[\s\S]*\/ToUnicode|\/ToUnicode[\s\S]*\/FontFile2/);
    expect(one.length).toBeLessThan(60_000);
  });
});

describe('the name of a report’s file', () => {
  it.each([
    ['alpha', 'BTC/USDT', 'alpha_BTC-USDT_2031-03-04'],
    ['../../etc', null, '--..-etc_portfolio_2031-03-04'],
    ['a\\b:c*?"<>|', 'X', 'a-b-c-_X_2031-03-04'],
    ['стратегия', 'X', 'стратегия_X_2031-03-04'],
  ])('%s %s', (strategy, symbol, name) => {
    expect(sheetName(reportWith({ key: { ...key, strategy, symbol } }))).toBe(name);
  });
});

describe('a cell of the table of orders', () => {
  it.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ['two\r\nlines', '"two\r\nlines"'],
    ['=1+1', `"'=1+1"`],
    ['+49', `"'+49"`],
    ['-2', `"'-2"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['\t=1', `"'\t=1"`],
    [' =1', `"' =1"`],
    ['＝1', `"'＝1"`],
    [-2.5, '-2.5'],
    [1e-9, '1e-9'],
    [0, '0'],
    [false, 'false'],
    [null, ''],
    ['', ''],
  ])('%j is written %s', (cell, written) => {
    expect(csvLine([cell])).toBe(`${written}\r\n`);
  });
});

const unexplained = { unexplained: 'Nobody asked.' };

describe('two reports beside each other', () => {
  const interval = (lower: number, upper: number) => ({ lower, upper, level: 0.95, method: 'test' });
  const side = (value: number, lower: number, upper: number) => ({
    report: reportWith({ trackingErrorBps: value, trackingErrorInterval: interval(lower, upper) }),
    version: null,
    explanation: unexplained,
  });
  it.each([
    ['apart', side(5, 4, 6), side(9, 8, 10), true],
    ['apart the other way', side(9, 8, 10), side(5, 4, 6), true],
    ['touching', side(5, 4, 7), side(9, 7, 10), false],
    ['one in the other', side(5, 1, 20), side(9, 8, 10), false],
  ])('intervals %s', (_name, a, b, beyond) => {
    const [tracking] = compareReports(a, b).figures;
    expect(tracking).toMatchObject({ figure: 'trackingErrorBps', beyond });
    expect(tracking?.difference).toBeCloseTo(b.report.trackingErrorBps! - a.report.trackingErrorBps!, 12);
  });

  it('judges nothing without intervals, and subtracts no money of different currencies', () => {
    const a = { report: reportWith({ trackingErrorBps: null }), version: null, explanation: unexplained };
    const b = { report: reportWith({ currency: 'EUR', status: 'UNKNOWN' }), version: '2', explanation: unexplained };
    const { figures, attribution, cautions } = compareReports(a, b);
    expect(figures.every(({ beyond }) => beyond === null)).toBe(true);
    expect(figures[0]).toMatchObject({ a: null, difference: null });
    expect(attribution.every(({ difference }) => difference === null)).toBe(true);
    expect(attribution[0]?.differenceBps).toBeCloseTo(0, 12);
    expect(cautions.join(' ')).toMatch(/UNKNOWN.*currency/);
  });

  it('puts the causes of both beside each other, the largest of either side first', () => {
    const sides = [explained([-8, -4], 'x'), explained([-9, 1, 5], 'x')].map((explanation) => ({
      report: reportWith({}),
      version: null,
      explanation,
    }));
    const { causes, cautions } = compareReports(sides[0]!, sides[1]!);
    expect(causes?.map(({ a, b, difference }) => [a, b, difference])).toEqual([
      [-8, -9, -1],
      [0, 5, 5],
      [-4, 1, 5],
    ]);
    expect(causes?.[1]).toMatchObject({ aShare: null, bShare: -5 / 3 });
    expect(cautions).toEqual([]);
    const without = compareReports(sides[0]!, { ...sides[1]!, explanation: unexplained });
    expect(without).toMatchObject({ causes: null, cautions: [unexplained.unexplained] });
  });

  it('is the negative when turned round, component by component', () => {
    const a = { report: reportWith({}), version: null, explanation: unexplained };
    const b = {
      report: reportWith({ attribution: { ...reportWith({}).attribution, gap: -4, fees: 1 } }),
      version: null,
      explanation: unexplained,
    };
    const [there, back] = [compareReports(a, b), compareReports(b, a)];
    for (const [index, part] of there.attribution.entries()) {
      expect((part.difference ?? 0) + (back.attribution[index]?.difference ?? 0)).toBe(0);
    }
  });
});

describe('the published document', () => {
  const advice = Array.from({ length: 12 }, (_, index) => ({
    topic: `topic ${index}`,
    what: 'Set something to something else, and see what comes of it. '.repeat(4),
    why: 'It explains a part of the gap. '.repeat(6),
    expectedEffectBps: index % 2 === 0 ? index : -index,
  }));

  it('keeps the largest recommendations within 5,000 bytes and says how many it left out', () => {
    const document = publishedReport(reportWith({ recommendations: advice }));
    expect(Buffer.byteLength(JSON.stringify(document))).toBeLessThanOrEqual(5_000);
    const kept = document.recommendations.map(({ expectedEffectBps }) => Math.abs(expectedEffectBps ?? 0));
    expect(kept.length).toBeGreaterThan(1);
    expect(Math.min(...kept)).toBe(12 - kept.length);
    expect(document.dataQuality.notes).toEqual([
      `Left out of this document: ${12 - kept.length} recommendations with smaller effects.`,
    ]);
    expect(publishedReport(document)).toEqual(document);
  });

  it('keeps the symbols with the largest gaps of a portfolio of very many, and sums the others', () => {
    const symbols = Array.from({ length: 300 }, (_, index) => ({
      symbol: `COIN${index}/USDT`,
      status: 'PASS' as const,
      worstTrackingBps: index / 7,
      gap: index % 2 === 0 ? index : -index,
    }));
    const document = publishedReport(reportWith({ key: { ...key, symbol: null }, symbols }));
    expect(Buffer.byteLength(JSON.stringify(document))).toBeLessThanOrEqual(5_000);
    const kept = document.symbols.map(({ gap }) => Math.abs(gap));
    expect(kept.length).toBeGreaterThanOrEqual(8);
    expect(Math.min(...kept)).toBe(300 - kept.length);
    const sum = (of: readonly { readonly gap: number }[]) => of.reduce((total, { gap }) => total + gap, 0);
    expect(document.symbolsLeftOut).toEqual({ count: 300 - kept.length, gap: sum(symbols) - sum(document.symbols) });
    expect(publishedReport(document)).toEqual(document);
  });

  it('rounds figures, not counts and instants', () => {
    const document = publishedReport(
      reportWith({
        trackingErrorBps: 1 / 3,
        dataQuality: { ...reportWith({}).dataQuality, liveCoverage: { firstUs: 1794700800000001, lastUs: null } },
      }),
    );
    expect(document.trackingErrorBps).toBe(0.333333333);
    expect(document.dataQuality.liveCoverage.firstUs).toBe(1794700800000001);
  });
});
