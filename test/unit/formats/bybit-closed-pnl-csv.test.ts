import { describe, expect, it } from 'vitest';
import { bybitClosedPnlCsv as format } from '../../../electron/engine/imports/formats/bybit-closed-pnl-csv';
import { readAs, recognisedAs } from '../../support/formats';

const header = 'Contracts,Closing Direction,Qty,Entry Price,Exit Price,Closed P&L,Exit Type,Trade Time(UTC+0)';
const row = 'SOLUSDT,Close Long,3,150,151,2.9,Trade,2025-03-04 05:06:07';

describe('Bybit closed P&L', () => {
  it('counts closed positions, says what they earned and what to import instead', async () => {
    const text = `${header}\n${row}\n${row.replace('Close Long', 'Sell').replace('2.9', '-0.4')}\n`;
    expect(await recognisedAs(text)).toEqual(['bybit-closed-pnl-csv']);
    const result = await readAs(format, text);
    expect([result.executions, result.others]).toEqual([[], { 'closed position': 2 }]);
    expect(result.warnings).toEqual([
      expect.stringMatching(/2 closed positions with a profit of 2.5 in all.*trade history/),
    ]);
  });

  it('knows the export with order numbers, in any order of its columns', async () => {
    expect(await recognisedAs(`Order No.,Create Time,${header}\n`)).toEqual(['bybit-closed-pnl-csv']);
  });

  it.each([
    [row.replace('Close Long', 'Open Long'), /Closing Direction is "Open Long"/],
    [row.replace(',3,', ',,'), /Qty is missing/],
    [row.replace(',2.9,', ',lots,'), /Closed P&L is "lots"/],
    [row.replace('2025-03-04', '2025-13-04'), /Trade Time is "2025-13-04/],
  ])('quarantines %s', async (line, reason) => {
    expect((await readAs(format, `${header}\n${line}\n`)).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});
