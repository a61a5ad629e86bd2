import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createEventHub } from '../../../electron/engine/events';
import type { EventMessage } from '../../../shared/contract/wire';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function hub() {
  const log: string[] = [];
  // The timers' own clock: what passes for them passes for the hub.
  const clock = { nowUs: () => Date.now() * 1_000, monotonicMs: () => Date.now() };
  return { hub: createEventHub(clock, (line) => log.push(line)), log };
}

it('sends the first at once, then the latest of those that come too fast, and always the last', () => {
  const { hub: events } = hub();
  const seen: EventMessage[] = [];
  events.listen((message) => seen.push(message));
  for (let asOfUs = 1; asOfUs <= 50; asOfUs++) {
    events.emit('data.changed', { asOfUs });
    vi.advanceTimersByTime(10);
  }
  vi.advanceTimersByTime(1_000);
  const values = seen.map((message) => (message.event === 'data.changed' ? message.payload.asOfUs : Number.NaN));
  expect(values[0]).toBe(1);
  expect(values.at(-1)).toBe(50);
  expect(values.length).toBeLessThanOrEqual(4);
});

it('sends every event that tells of a single thing', () => {
  const { hub: events } = hub();
  const ids: string[] = [];
  events.listen((message) => message.event === 'imports.ended' && ids.push(message.payload.id));
  for (const id of ['a', 'b', 'c']) {
    events.emit('imports.ended', { id, importId: null, fileName: `${id}.csv`, state: 'done', failure: null });
  }
  expect(ids).toEqual(['a', 'b', 'c']);
});

it('lets nothing overtake: what waits goes out before an event that tells of a single thing', () => {
  const { hub: events } = hub();
  const seen: string[] = [];
  events.listen((message) =>
    seen.push(message.event === 'sample.progress' ? String(message.payload.done) : message.event),
  );
  for (const done of [1, 2, 3]) events.emit('sample.progress', { done, total: 3 });
  events.emit('desk.changed', { sample: true });
  vi.advanceTimersByTime(1_000);
  expect(seen).toEqual(['1', '3', 'desk.changed']);
});

it('goes on when a listener throws, and stops for one that stopped listening', () => {
  const { hub: events, log } = hub();
  let heard = 0;
  events.listen(() => {
    throw new Error('broken page');
  });
  const stop = events.listen(() => heard++);
  events.emit('desk.changed', { sample: true });
  stop();
  events.emit('desk.changed', { sample: false });
  expect(heard).toBe(1);
  expect(log).toHaveLength(2);
});
