import { beforeEach, describe, expect, it, vi } from 'vitest';
import { attach, setConnection } from '../../../renderer/api/engine';
import { isStartable, missingOf, type Preview } from '../../../renderer/state/import-cards';
import { followImports, useImports } from '../../../renderer/state/imports';
import { failure } from '../../../shared/base/errors';
import { fail, ok, type Result } from '../../../shared/base/result';
import type { Bridge } from '../../../shared/contract/bridge';
import type { EventName } from '../../../shared/contract/calls';
import type { Source } from '../../../shared/market/executions';

function preview(impliedSource: Source | null, impliedStrategies: string[] = []): Preview {
  return {
    recognised: {
      format: 'lockstep-csv',
      formatTitle: 'Lockstep CSV',
      confidence: 1,
      reason: 'its own header',
      impliedSource,
      impliedStrategies,
    },
    alternatives: [],
    executions: [],
    quarantined: [],
    warnings: [],
    questions: [],
  };
}

/** An engine whose answers the test writes; asked arguments are kept. */
class BridgeDouble {
  readonly asked: { readonly name: string; readonly args: unknown }[] = [];
  answers: Record<string, (args: never) => Result<unknown> | Promise<Result<unknown>>> = {};
  private readonly listeners = new Map<string, Set<(payload: never) => void>>();

  readonly bridge = {
    call: async (name: string, args: unknown) => {
      this.asked.push({ name, args });
      return this.answers[name]?.(args as never) ?? ok({}); // each answer is written for its own call
    },
    on: (name: string, listener: (payload: never) => void) => {
      const listeners = this.listeners.get(name) ?? new Set();
      this.listeners.set(name, listeners);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    admitFiles: async (files: readonly File[]) =>
      files[0]?.name === 'gone.csv'
        ? fail(failure('file-missing', 'It is gone.', 'Drop it again.'))
        : ok([{ token: `token of ${files[0]?.name}`, name: files[0]?.name ?? '', sizeBytes: 12 }]),
    onConnection: () => () => {},
  } as unknown as Bridge; // typed by the contract in the page; here one double answers all names

  emit(name: EventName, payload: unknown): void {
    for (const listener of this.listeners.get(name) ?? []) listener(payload as never);
  }
}

let engine: BridgeDouble;
const store = () => useImports.getState();
const card = (index = 0) => store().cards[index];
const steps = () => store().cards.map(({ step }) => step.at);
const drop = (...names: string[]) => store().add(names.map((name) => new File(['a'], name)));
const keyOf = (index = 0) => card(index)?.key ?? '';

beforeEach(() => {
  engine = new BridgeDouble();
  engine.answers = {
    'imports.preview': () => ok(preview('backtest', ['carry'])),
    'imports.start': ({ files }: { files: unknown[] }) => ok({ ids: files.map((_, index) => `job-${index + 1}`) }),
  };
  useImports.setState({ cards: [], running: null, leftOut: 0 });
  attach(engine.bridge, null);
  followImports();
});

describe('a file on its way in', () => {
  it('is taken, recognised, started, followed and ended', async () => {
    drop('october.csv');
    expect(steps()).toEqual(['admitting']);
    await vi.waitFor(() => expect(steps()).toEqual(['ready']));
    await store().start();
    expect(engine.asked.at(-1)).toEqual({
      name: 'imports.start',
      args: {
        files: [
          {
            token: 'token of october.csv',
            source: 'backtest',
            strategy: null,
            version: null,
            account: null,
            format: null,
            map: null,
            symbol: null,
            zone: null,
            dateOrder: null,
            lotSize: null,
          },
        ],
      },
    });
    const progress = { id: 'job-1', fileName: 'october.csv', state: 'running', rowsRead: 7 };
    engine.emit('imports.progress', { running: [progress] });
    expect(card()?.step).toMatchObject({ at: 'started', jobId: 'job-1', progress });
    engine.emit('imports.ended', { id: 'job-1', importId: 'import-9', state: 'done', failure: null });
    expect(card()?.step).toMatchObject({ at: 'ended', state: 'done', importId: 'import-9' });
    expect(store().running).toEqual([]);
  });

  it('shows its end although it came before the answer to its start', async () => {
    drop('small.csv');
    await vi.waitFor(() => expect(steps()).toEqual(['ready']));
    engine.answers['imports.start'] = () => {
      engine.emit('imports.ended', { id: 'fast', importId: 'import-1', state: 'done', failure: null });
      return ok({ ids: ['fast'] });
    };
    await store().start();
    expect(steps()).toEqual(['ended']);
  });

  it('that was refused says why, and the others go on', async () => {
    drop('gone.csv', 'there.csv');
    await vi.waitFor(() => expect(steps()).toEqual(['refused', 'ready']));
    expect(card()?.step).toMatchObject({ failure: { code: 'file-missing' } });
  });

  it('of no known format is read again under the map that was chosen', async () => {
    engine.answers['imports.preview'] = ({ map }: { map: string | null }) =>
      map === null ? fail(failure('format-unknown', 'Unknown.', 'Choose a map.')) : ok(preview(null));
    drop('odd.csv');
    await vi.waitFor(() => expect(steps()).toEqual(['unreadable']));
    store().change(keyOf(), { map: 'round-trips' });
    await vi.waitFor(() => expect(steps()).toEqual(['ready']));
    expect(engine.asked.at(-1)).toMatchObject({ args: { map: 'round-trips' } });
  });

  it('keeps the reading of the last choice when answers come in another order', async () => {
    const waiting: ((result: Result<unknown>) => void)[] = [];
    drop('slow.csv');
    await vi.waitFor(() => expect(steps()).toEqual(['ready']));
    engine.answers['imports.preview'] = () => new Promise((resolve) => waiting.push(resolve));
    store().change(keyOf(), { format: 'first' });
    store().change(keyOf(), { format: 'second' });
    await vi.waitFor(() => expect(waiting).toHaveLength(2));
    waiting[1]?.(ok(preview('backtest', ['second'])));
    waiting[0]?.(ok(preview('backtest', ['first'])));
    await vi.waitFor(() => expect(steps()).toEqual(['ready']));
    expect(card()?.step).toMatchObject({ preview: { recognised: { impliedStrategies: ['second'] } } });
  });

  it('goes back to being ready, with the reason, when it could not be started', async () => {
    engine.answers['imports.start'] = () => fail(failure('conflict', 'This is the sample desk.', 'Open your desk.'));
    drop('a.csv');
    await vi.waitFor(() => expect(steps()).toEqual(['ready']));
    await store().start();
    expect(card()?.step).toMatchObject({ at: 'ready', failure: { code: 'conflict' } });
  });
});

describe('what must be said before a file can be imported', () => {
  it.each<[string, Preview, { source?: Source; strategy?: string }, boolean]>([
    ['nothing where the content says it all', preview('live', ['a']), {}, true],
    ['the source where the format allows both', preview(null, ['a']), {}, false],
    ['the source, said', preview(null, ['a']), { source: 'live' }, true],
    ['the strategy where no row names one', preview('live'), {}, false],
    ['a strategy of blanks is none', preview('live'), { strategy: '  ' }, false],
    ['the strategy, said', preview('live'), { strategy: 'a' }, true],
  ])('%s', async (_, answer, choices, startable) => {
    engine.answers['imports.preview'] = () => ok(answer);
    drop('a.csv');
    await vi.waitFor(() => expect(steps()).toEqual(['ready']));
    store().change(keyOf(), choices);
    await vi.waitFor(() => expect(steps()).toEqual(['ready']));
    const now = card();
    expect(now && isStartable(now)).toBe(startable);
    const { source, strategy } = now ? missingOf(now) : { source: null, strategy: null };
    expect(source === null && strategy === null).toBe(startable);
  });

  it('is said for all at once, but never against what a format implies', async () => {
    engine.answers['imports.preview'] = ({ token }: { token: string }) =>
      ok(token.includes('both') ? preview(null) : preview('backtest'));
    drop('both.csv', 'result.json');
    await vi.waitFor(() => expect(steps()).toEqual(['ready', 'ready']));
    store().changeAll({ source: 'live', strategy: 'carry' });
    await vi.waitFor(() => expect(steps()).toEqual(['ready', 'ready']));
    expect(store().cards.map(({ choices }) => [choices.source, choices.strategy])).toEqual([
      ['live', 'carry'],
      [null, 'carry'],
    ]);
  });

  it('stays out of what is not ready: only the ready ones are started', async () => {
    engine.answers['imports.preview'] = ({ token }: { token: string }) =>
      ok(token.includes('both') ? preview(null) : preview('backtest', ['s']));
    drop('both.csv', 'result.json');
    await vi.waitFor(() => expect(steps()).toEqual(['ready', 'ready']));
    await store().start();
    expect(steps()).toEqual(['ready', 'started']);
  });
});

describe('what a file leaves unsaid', () => {
  it('is asked for again with the symbol and zone that were named, and imported with them', async () => {
    engine.answers['imports.preview'] = ({ symbol }: { symbol: string | null }) =>
      symbol === null
        ? fail(failure('invalid-arguments', 'No instrument.', 'Name it.'))
        : ok(preview('backtest', ['s']));
    drop('list of trades.csv');
    await vi.waitFor(() => expect(steps()).toEqual(['unreadable']));
    store().change(keyOf(), { symbol: ' ETH/USDT ', zone: '+08:00' });
    await vi.waitFor(() => expect(steps()).toEqual(['ready']));
    await store().start();
    expect(engine.asked.at(-1)).toMatchObject({ args: { files: [{ symbol: 'ETH/USDT', zone: '+08:00' }] } });
  });
});

describe('losing the engine', () => {
  it('leaves on the list what still runs when it is back; what ended meanwhile is in the history', async () => {
    drop('a.csv', 'b.csv', 'c.csv');
    await vi.waitFor(() => expect(steps()).toEqual(['ready', 'ready', 'ready']));
    await store().start(keyOf(0));
    engine.answers['imports.start'] = () => ok({ ids: ['job-2'] });
    await store().start(keyOf(1));
    engine.answers['imports.list'] = () => ok({ imports: [], total: 2, running: [{ id: 'job-2' }], asOfUs: 1 });
    setConnection({ state: 'lost', sinceUs: 0, attempts: 1, nextTryUs: null });
    expect(steps()).toEqual(['started', 'started', 'ready']);
    setConnection({ state: 'connected' });
    await vi.waitFor(() => expect(store().cards.map(({ name }) => name)).toEqual(['b.csv', 'c.csv']));
  });
});

describe('opening another desk', () => {
  it('takes along the files that wait and leaves behind what was started', async () => {
    drop('a.csv', 'b.csv');
    await vi.waitFor(() => expect(steps()).toEqual(['ready', 'ready']));
    await store().start(keyOf(0));
    engine.emit('desk.changed', { sample: true });
    expect(store().cards.map(({ name }) => name)).toEqual(['b.csv']);
  });
});
