import { describe, expect, it } from 'vitest';
import type { CallFunction } from '../../../renderer/api/query-cache';
import { QueryCache } from '../../../renderer/api/query-cache';
import { failure } from '../../../shared/base/errors';
import { fail, ok, type Result } from '../../../shared/base/result';

/** Questions asked so far; each is answered by hand, in any order. */
function engineAnsweredByHand() {
  const asked: { readonly name: string; readonly answer: (result: Result<unknown>) => Promise<void> }[] = [];
  const call = ((name: string) =>
    new Promise<Result<unknown>>((resolve) => {
      asked.push({
        name,
        answer: async (result) => {
          resolve(result);
          await Promise.resolve(); // the cache's own continuation
          await Promise.resolve();
        },
      });
    })) as unknown as CallFunction; // answers are written by the tests themselves
  return { asked, cache: new QueryCache(call) };
}

const formats = (id: string) => ok({ formats: [{ id }], maps: [] });
const locked = failure('store-locked', 'The store is locked.', 'Close the other Lockstep.');
const read = (cache: QueryCache) => cache.read('formats.list', {});
const idOf = (cache: QueryCache) => read(cache).value?.formats[0]?.id ?? null;

describe('query cache', () => {
  it('asks once for what several places watch, and tells each', async () => {
    const { asked, cache } = engineAnsweredByHand();
    const told: string[] = [];
    cache.watch('formats.list', {}, () => told.push('rail'));
    cache.watch('formats.list', {}, () => told.push('page'));
    expect(asked).toHaveLength(1);
    expect(read(cache)).toEqual({ value: null, error: null, fetching: true, stale: false });
    told.length = 0;
    await asked[0]?.answer(formats('a'));
    expect(told).toEqual(['rail', 'page']);
    expect(read(cache)).toMatchObject({ error: null, fetching: false, stale: false });
    expect(idOf(cache)).toBe('a');
  });

  it('shows the old answer, marked stale, while a new one is on its way', async () => {
    const { asked, cache } = engineAnsweredByHand();
    cache.watch('formats.list', {}, () => {});
    await asked[0]?.answer(formats('a'));
    cache.invalidate();
    expect(asked).toHaveLength(2);
    expect(read(cache)).toMatchObject({ stale: true, fetching: true });
    expect(idOf(cache)).toBe('a');
    await asked[1]?.answer(formats('b'));
    expect(idOf(cache)).toBe('b');
    expect(read(cache).stale).toBe(false);
  });

  it('drops an answer that a later question overtook', async () => {
    const { asked, cache } = engineAnsweredByHand();
    cache.watch('formats.list', {}, () => {});
    cache.refresh('formats.list', {});
    await asked[1]?.answer(formats('new'));
    await asked[0]?.answer(formats('old'));
    expect(idOf(cache)).toBe('new');
  });

  it('asks once more when the data changed while a question was under way, however often', async () => {
    const { asked, cache } = engineAnsweredByHand();
    cache.watch('formats.list', {}, () => {});
    cache.invalidate();
    cache.invalidate();
    expect(asked).toHaveLength(1);
    await asked[0]?.answer(formats('a'));
    expect(asked).toHaveLength(2);
    await asked[1]?.answer(formats('b'));
    expect(asked).toHaveLength(2);
    expect(idOf(cache)).toBe('b');
  });

  it('leaves what nobody looks at alone until somebody does', async () => {
    const { asked, cache } = engineAnsweredByHand();
    const stop = cache.watch('formats.list', {}, () => {});
    await asked[0]?.answer(formats('a'));
    stop();
    cache.invalidate();
    expect(asked).toHaveLength(1);
    cache.watch('formats.list', {}, () => {});
    expect(asked).toHaveLength(2);
    expect(idOf(cache)).toBe('a');
  });

  it('keeps the last answer beside a failure, and takes the failure away with the next answer', async () => {
    const { asked, cache } = engineAnsweredByHand();
    cache.watch('formats.list', {}, () => {});
    await asked[0]?.answer(formats('a'));
    cache.invalidate();
    await asked[1]?.answer(fail(locked));
    expect(read(cache)).toMatchObject({ error: locked, stale: true, fetching: false });
    expect(idOf(cache)).toBe('a');
    cache.invalidate();
    await asked[2]?.answer(formats('b'));
    expect(read(cache)).toMatchObject({ error: null, stale: false });
  });

  it('forgets everything when another desk is opened, even an answer already on its way', async () => {
    const { asked, cache } = engineAnsweredByHand();
    cache.watch('formats.list', {}, () => {});
    await asked[0]?.answer(formats('main'));
    cache.refresh('formats.list', {});
    cache.clear();
    expect(read(cache)).toMatchObject({ value: null, fetching: true });
    await asked[1]?.answer(formats('main again'));
    expect(idOf(cache)).toBe(null);
    await asked[2]?.answer(formats('sample'));
    expect(idOf(cache)).toBe('sample');
  });

  it('keeps the answers last looked at, and not more than it must', async () => {
    const { asked, cache } = engineAnsweredByHand();
    for (let index = 0; index < 200; index += 1) {
      const stop = cache.watch('imports.get', { id: `import-${index}` }, () => {});
      await asked[index]?.answer(ok({ import: { id: `import-${index}` }, asOfUs: 1 }));
      stop();
    }
    const held = Array.from({ length: 200 }, (_, index) => cache.read('imports.get', { id: `import-${index}` }).value);
    expect(held[199]).not.toBe(null);
    expect(held[0]).toBe(null);
    expect(held.filter((value) => value !== null).length).toBeLessThanOrEqual(61);
  });
});
