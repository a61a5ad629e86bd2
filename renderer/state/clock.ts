import { useSyncExternalStore } from 'react';

/** The page's only reader of the wall clock. Ages and the strip's clock tick together, once a second, and only while somebody looks. */
export function nowUs(): number {
  return Date.now() * 1_000;
}

const listeners = new Set<() => void>();
let tickUs = nowUs();
let timer: ReturnType<typeof setTimeout> | null = null;

function tick(): void {
  tickUs = nowUs();
  for (const listener of listeners) listener();
  schedule();
}

function schedule(): void {
  // Aligned to the second, so that the clock never shows the same second for two.
  timer = listeners.size === 0 ? null : setTimeout(tick, 1_000 - ((nowUs() / 1_000) % 1_000));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === null) schedule();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && timer !== null) {
      clearTimeout(timer);
      timer = null;
    }
  };
}

function snapshot(): number {
  if (timer === null) tickUs = nowUs();
  return Math.floor(tickUs / 1_000_000) * 1_000_000;
}

/** Wall-clock time, microseconds UTC on a whole second; renders again each second. */
export function useNowUs(): number {
  return useSyncExternalStore(subscribe, snapshot);
}
