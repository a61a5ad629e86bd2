import { describe, expect, it } from 'vitest';
import { bulkProgress, bulkStateOf, remarkOf } from '../../../renderer/state/bulk-imports';
import { type Card, type CardStep, newCard, type Preview } from '../../../renderer/state/import-cards';
import { failure } from '../../../shared/base/errors';

const preview: Preview = {
  recognised: {
    format: 'f',
    formatTitle: 'F',
    confidence: 1,
    reason: '',
    impliedSource: null,
    impliedStrategies: [],
  },
  alternatives: [],
  executions: [],
  quarantined: [],
  warnings: [],
  questions: [],
};
const gone = failure('file-missing', 'It is gone.', '');
const cardAt = (step: CardStep, choices: Partial<Card['choices']> = {}, sizeBytes = 100): Card => {
  const card = newCard('key', { name: 'a.csv', sizeBytes });
  return { ...card, choices: { ...card.choices, ...choices }, step };
};
const ready: CardStep = { at: 'ready', token: 't', preview, failure: null };
const started = (jobId: string): CardStep => ({ at: 'started', token: 't', preview, jobId, progress: null });
const ended: CardStep = { at: 'ended', token: 't', preview, state: 'done', importId: null, failure: null };

describe('one of many files', () => {
  it.each<readonly [ReturnType<typeof bulkStateOf>, Card, string]>([
    ['waiting', cardAt({ at: 'admitting' }), ''],
    ['unknown', cardAt({ at: 'unreadable', token: 't', failure: gone }), 'It is gone.'],
    ['asks', cardAt(ready), 'Say whether this is a live log or a backtest. The file does not name its strategy.'],
    ['ready', cardAt(ready, { source: 'live', strategy: 's' }), ''],
    ['running', cardAt(started('1')), ''],
    ['done', cardAt(ended), ''],
  ])('is %s', (state, card, remark) => {
    expect([bulkStateOf(card), remarkOf(card)]).toEqual([state, remark]);
  });
});

describe('the progress of many files', () => {
  it('is told in bytes of what was started, whoever else imports meanwhile', () => {
    const running = ['1', 'other'].map((id) => ({
      id,
      fileName: 'a.csv',
      state: 'running' as const,
      bytesRead: 50,
      sizeBytes: 100,
      rowsRead: 5,
      rowsPerSecond: 10,
      remainingMs: null,
    }));
    const cards = [cardAt(ended), cardAt(started('1')), cardAt(started('2'), {}, 200), cardAt(ready)];
    expect(bulkProgress(cards, running)).toEqual({ files: 3, ended: 1, share: 150 / 400, rowsPerSecond: 10 });
    expect(bulkProgress([cardAt(ready)], []).share).toBeNull();
  });
});
