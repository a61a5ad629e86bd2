import type { Clock } from '../../shared/base/clock';
import type { EventName, EventPayload } from '../../shared/contract/calls';
import type { EventMessage } from '../../shared/contract/wire';

/**
 * Sends the engine's events to whoever listens. Events that only say how things stand are coalesced: the first goes out at once, then
 * at most one per `gapMs` with the latest payload, so that the last one always arrives. Events that tell of a single thing all go out, after what waits, so that
 * nothing overtakes.
 */
export interface EventHub {
  emit<Name extends EventName>(name: Name, payload: EventPayload<Name>): void;
  listen(listener: (message: EventMessage) => void): () => void;
  /** Drops what waits and all listeners. */
  close(): void;
}

const gapMs: { readonly [Name in EventName]: number } = {
  'imports.progress': 100,
  'imports.ended': 0,
  'watches.changed': 250,
  'data.changed': 250,
  'canary.changed': 250,
  'desk.changed': 0,
  'sample.progress': 100,
};

interface Pending {
  message: EventMessage;
  readonly timer: NodeJS.Timeout;
}

export function createEventHub(clock: Clock, log: (line: string) => void): EventHub {
  const listeners = new Set<(message: EventMessage) => void>();
  const lastSentMs = new Map<EventName, number>();
  const pending = new Map<EventName, Pending>();

  function send(message: EventMessage): void {
    lastSentMs.set(message.event, clock.monotonicMs());
    for (const listener of listeners) {
      try {
        listener(message);
      } catch (thrown) {
        log(`a listener of ${message.event} failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
      }
    }
  }

  function flush(): void {
    for (const [name, { message, timer }] of [...pending]) {
      clearTimeout(timer);
      pending.delete(name);
      send(message);
    }
  }

  return {
    emit(name, payload) {
      const message = { event: name, payload } as EventMessage; // name and payload are paired by the signature
      if (gapMs[name] === 0) {
        flush();
        send(message);
        return;
      }
      const waiting = pending.get(name);
      if (waiting) {
        waiting.message = message;
        return;
      }
      const waitMs = (lastSentMs.get(name) ?? Number.NEGATIVE_INFINITY) + gapMs[name] - clock.monotonicMs();
      if (waitMs <= 0) {
        send(message);
        return;
      }
      const timer = setTimeout(() => {
        const due = pending.get(name);
        pending.delete(name);
        if (due) send(due.message);
      }, waitMs);
      timer.unref();
      pending.set(name, { message, timer });
    },
    listen(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    close() {
      for (const { timer } of pending.values()) clearTimeout(timer);
      pending.clear();
      listeners.clear();
    },
  };
}
