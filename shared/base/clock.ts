/** The one source of the current time. Injected everywhere; only `electron/engine/system.ts` reads the real clock. */
export interface Clock {
  /** Wall-clock time, integer microseconds UTC. */
  nowUs(): number;
  /** Time that never steps back, milliseconds from an arbitrary start; for durations and rates. */
  monotonicMs(): number;
}

/** The one source of new ids. Injected, so that tests read `import-1`, `import-2`. */
export interface Ids {
  next(prefix: string): string;
}
