import type { Failure } from '../../shared/base/errors';
import type { Result } from '../../shared/base/result';
import type { CallArgs, CallName, CallResult } from '../../shared/contract/calls';

/**
 * Answers of reading calls, kept by name and arguments. A page shows what is known at once and is told when something newer
 * arrives; an answer that was overtaken by a later question is dropped.
 *
 *     absent -ask-> loading -answer-> ready -data changed-> ready + fetching -answer-> ready
 *                      \-failure-> failed            \-failure-> ready + error (the old answer stays, marked stale)
 */
export interface QueryState<Value> {
  readonly value: Value | null;
  readonly error: Failure | null;
  readonly fetching: boolean;
  /** The stored data changed after this answer, or asking again failed: what is shown may be out of date. */
  readonly stale: boolean;
}

export type CallFunction = <Name extends CallName>(
  name: Name,
  args: CallArgs<Name>,
) => Promise<Result<CallResult<Name>>>;

interface Entry {
  state: QueryState<unknown>;
  readonly ask: () => Promise<Result<unknown>>;
  readonly listeners: Set<() => void>;
  /** Number of the latest question; answers to earlier ones are dropped. */
  question: number;
  /** The data changed while a question was under way. */
  askAgain: boolean;
}

const absent: QueryState<unknown> = { value: null, error: null, fetching: false, stale: false };

/** Answers nobody looks at are kept for going back and forth, the oldest dropped first. */
const KEPT_UNWATCHED = 60;

export class QueryCache {
  private readonly entries = new Map<string, Entry>();
  private epoch = 0;

  constructor(private readonly call: CallFunction) {}

  static keyOf<Name extends CallName>(name: Name, args: CallArgs<Name>): string {
    return `${name} ${JSON.stringify(args)}`;
  }

  /** Watches the answer; asks at once when there is none or it is stale. Returns the function that stops watching. */
  watch<Name extends CallName>(name: Name, args: CallArgs<Name>, listener: () => void): () => void {
    const key = QueryCache.keyOf(name, args);
    let entry = this.entries.get(key);
    if (!entry) {
      entry = {
        state: absent,
        ask: () => this.call(name, args),
        listeners: new Set(),
        question: 0,
        askAgain: false,
      };
    } else {
      this.entries.delete(key); // moved to the end: the map's order is the order of last use
    }
    this.entries.set(key, entry);
    entry.listeners.add(listener);
    const { state } = entry;
    if (!state.fetching && (state.value === null || state.stale)) void this.fetch(entry);
    this.dropOldest();
    const watched = entry;
    return () => {
      watched.listeners.delete(listener);
    };
  }

  read<Name extends CallName>(name: Name, args: CallArgs<Name>): QueryState<CallResult<Name>> {
    const state = this.entries.get(QueryCache.keyOf(name, args))?.state ?? absent;
    return state as QueryState<CallResult<Name>>; // the key holds the name, and only `fetch` of that name writes the value
  }

  /** Asks again now, whatever is known: the operator pressed "Try again". */
  refresh<Name extends CallName>(name: Name, args: CallArgs<Name>): void {
    const entry = this.entries.get(QueryCache.keyOf(name, args));
    if (entry) void this.fetch(entry);
  }

  /** The stored data changed: what is on screen is asked for again, the rest when it is next looked at. */
  invalidate(): void {
    for (const entry of this.entries.values()) {
      if (entry.state.value === null && entry.state.error === null && !entry.state.fetching) continue;
      if (entry.state.fetching) entry.askAgain = true;
      this.set(entry, { ...entry.state, stale: entry.state.value !== null });
      if (!entry.state.fetching && entry.listeners.size > 0) void this.fetch(entry);
    }
  }

  /** Another desk was opened: nothing known is true any more. */
  clear(): void {
    this.epoch += 1;
    for (const [key, entry] of [...this.entries]) {
      entry.question += 1;
      entry.askAgain = false;
      if (entry.listeners.size === 0) {
        this.entries.delete(key);
      } else {
        this.set(entry, absent);
        void this.fetch(entry);
      }
    }
  }

  private async fetch(entry: Entry): Promise<void> {
    entry.question += 1;
    entry.askAgain = false;
    const { question } = entry;
    const { epoch } = this;
    this.set(entry, { ...entry.state, fetching: true });
    const result = await entry.ask();
    if (entry.question !== question || this.epoch !== epoch) return;
    if (result.ok) {
      this.set(entry, { value: result.value, error: null, fetching: false, stale: entry.askAgain });
    } else {
      this.set(entry, { ...entry.state, error: result.error, fetching: false, stale: entry.state.value !== null });
    }
    if (entry.askAgain && entry.listeners.size > 0) void this.fetch(entry);
  }

  private set(entry: Entry, state: QueryState<unknown>): void {
    entry.state = state;
    for (const listener of [...entry.listeners]) listener();
  }

  private dropOldest(): void {
    let unwatched = 0;
    for (const entry of this.entries.values()) if (entry.listeners.size === 0) unwatched += 1;
    for (const [key, entry] of this.entries) {
      if (unwatched <= KEPT_UNWATCHED) return;
      if (entry.listeners.size > 0) continue;
      this.entries.delete(key);
      unwatched -= 1;
    }
  }
}
