import { describe, expect, it } from 'vitest';
import { freqtradeBacktestMeta, freqtradeLastResult } from '../../../electron/engine/imports/formats/freqtrade-notes';
import { recognisedAs } from '../../support/formats';

const run = { run_id: '0f1e2d', backtest_start_time: 1_700_000_000 };

describe('what freqtrade writes beside its results', () => {
  it.each([
    ['metadata of one strategy', JSON.stringify({ Trend: run }, null, 4), ['freqtrade-backtest-meta']],
    ['metadata of several', JSON.stringify({ Trend: run, Mean: run }), ['freqtrade-backtest-meta']],
    ['the newest result', '{"latest_backtest":"backtest-result-2025.zip"}', ['freqtrade-last-result']],
    ['runs among other things', JSON.stringify({ Trend: run, other: 1 }), []],
    [
      'a configuration',
      '{"max_open_trades":3,"stake_currency":"USDT","exchange":{"name":"kraken","key":"k"}}',
      ['freqtrade-config'],
    ],
    ['an empty object', '{}', []],
  ])('%s', async (_, text, formats) => {
    expect(await recognisedAs(text)).toEqual(formats);
  });

  it('is refused with the name of what to import', () => {
    for (const { reader } of [freqtradeBacktestMeta, freqtradeLastResult]) {
      if (reader.shape !== 'nothing') throw new Error('it has something to read');
      const value = { Trend: run, latest_backtest: 'backtest-result-2025.zip' };
      expect(
        `${reader.is({ kind: 'json', text: '', value })}. ${reader.instead({ kind: 'json', text: '', value })}`,
      ).toMatch(/holds no trades.*Import (the result|backtest-result-2025\.zip)/);
    }
  });
});
