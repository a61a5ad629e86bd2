import { readFile } from 'node:fs/promises';
import { sheetOf } from '../../electron/engine/reports/sheet';
import { sheetHtml } from '../../electron/engine/reports/sheet-html';
import { defaultParitySettings } from '../../shared/parity/settings';
import { reportWith } from '../unit/pages/report-fixture';
import { expect, test } from './consoles';
import { takeReportsAlong } from './reports-story';

test('reports are opened, compared and downloaded in the served console', async ({ openServed }) => {
  test.setTimeout(180_000);
  const { page } = await openServed();
  await takeReportsAlong(page, async (action) => {
    const [download] = await Promise.all([page.waitForEvent('download'), action()]);
    return { name: download.suggestedFilename(), content: await readFile(await download.path()) };
  });
});

test('the sheet prints on one A4 page, however much there is to say', async ({ openServed }) => {
  const paper = await (await openServed()).page.context().newPage();
  const words =
    'Fees, and much else that had to be said at length, since it was seen on every one of these days. '.repeat(4);
  const many = <Item>(item: Item) => Array.from({ length: 30 }, () => item);
  const { dataQuality, key } = reportWith({});
  const crowded = reportWith({
    status: 'FAIL',
    reasons: many({ code: 'tracking-error', message: words }),
    breaches: many({
      metric: 'trackingErrorBps' as const,
      value: 31,
      limit: 25,
      severity: 'critical' as const,
      firstSeenUs: 1_930_000_000_000_000,
      largestOrders: [{ id: 'live:12', symbol: 'BTC/USDT', gap: -1 }],
    }),
    recommendations: many({ topic: 'fees', what: words, why: words, expectedEffectBps: 3 }),
    dataQuality: { ...dataQuality, notes: many(words) },
    symbols: many({ symbol: 'BTC/USDT', status: 'FAIL' as const, worstTrackingBps: 30, gap: -3 }),
  });
  const explanation = {
    key,
    currency: 'USDT',
    capital: crowded.capital,
    gap: -30,
    gapBps: null,
    residual: 0,
    sentence: words,
    causes: many({
      cause: 'late' as const,
      reason: 'late.market' as const,
      title: 'Late: moved before the fill',
      money: -1,
      bps: null,
      shareOfGap: 1 / 30,
      orders: 4,
      mainOrders: 3,
      sentence: words,
      next: words,
    }),
    untold: [],
  };
  const days = Array.from({ length: 31 }, (_, index) => ({
    day: `2031-03-${String(index + 1).padStart(2, '0')}`,
    trackingErrorBps: 20 + (index % 7),
    trackingDifferenceBps: -10 + (index % 5),
  }));
  const common = {
    explanation,
    limits: defaultParitySettings,
    madeAtUs: null,
    revisions: 1,
    sample: true,
    version: '1',
  };
  const daily = { ...common, report: crowded, series: null, days: [] };
  const window = {
    ...common,
    report: reportWith({
      ...crowded,
      key: { ...key, symbol: null, from: '2031-03-01', to: '2031-03-31' },
      window: {
        days: 31,
        trackingErrorWindowBps: 2,
        trackingErrorWindowInterval: null,
        meanTrackingDifferenceBps: -8,
        annualisedTrackingErrorBps: 38,
        annualisationDays: 365,
      },
    }),
    series: null,
    days,
  };
  for (const input of [daily, window]) {
    await paper.setContent(sheetHtml(sheetOf(input)));
    const pdf = await paper.pdf({ format: 'A4', preferCSSPageSize: true });
    expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(1);
  }
});

test('without data the page says what to do', async ({ openServed }) => {
  const { page } = await openServed();
  await page.getByRole('link', { name: 'Reports', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Open the sample desk' })).toBeVisible();
});
