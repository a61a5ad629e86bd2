import { create } from 'zustand';
import { failure } from '../../shared/base/errors';
import type { ImportProgress } from '../../shared/contract/calls';
import { admitFiles, call, onEvent, readConnection, watchConnection } from '../api/engine';
import {
  type Card,
  type CardStep,
  type Choices,
  newCard,
  previewOf,
  readsDifferently,
  said,
  startFileOf,
  tokenOf,
  withEnd,
  withProgress,
} from './import-cards';

/**
 * The files on their way in. They outlive the page they were dropped on: the operator may look at the Desk while a file is read.
 */
interface Imports {
  readonly cards: readonly Card[];
  /** Everything that runs in the engine, also what another window started; null until the engine said so. */
  readonly running: readonly ImportProgress[] | null;
  /** Files of the last drop beyond {@link FILES_AT_ONCE}, which were left out. */
  readonly leftOut: number;
  /** Files of the last drop that nobody means to import: hidden ones, unfinished downloads. */
  readonly passedOver: readonly PassedOver[];
  readonly add: (files: readonly File[], passedOver?: readonly PassedOver[]) => void;
  readonly change: (key: string, choices: Partial<Choices>) => void;
  readonly changeAll: (choices: Partial<Choices>) => void;
  /** Imports the cards that are ready, all or the one named. */
  readonly start: (key?: string) => Promise<void>;
  readonly cancel: (jobId: string) => Promise<void>;
  readonly remove: (key: string) => void;
  /** Takes ended and refused cards off the list. */
  readonly removeEnded: () => void;
  /** Reads the file by these choices and imports it when nothing more has to be said. */
  readonly importAs: (key: string, choices: Partial<Choices>) => Promise<void>;
  /** A failed or cancelled import goes back to being ready. */
  readonly again: (key: string) => void;
}

export interface PassedOver {
  readonly name: string;
  readonly reason: string;
}

/** Files taken at once; more are refused with a word, because the page holds a card for each. */
export const FILES_AT_ONCE = 500;
let nextKey = 1;

export const useImports = create<Imports>()((set, get) => {
  function update(key: string, change: (card: Card) => Card): void {
    set(({ cards }) => ({ cards: cards.map((card) => (card.key === key ? change(card) : card)) }));
  }
  function step(key: string, next: CardStep): void {
    update(key, (card) => ({ ...card, step: next }));
  }
  function cardOf(key: string): Card | undefined {
    return get().cards.find((card) => card.key === key);
  }

  async function admit(key: string, file: File): Promise<void> {
    const admitted = await admitFiles([file]);
    const first = admitted.ok ? admitted.value[0] : undefined;
    if (!admitted.ok) return step(key, { at: 'refused', failure: admitted.error });
    if (first === undefined) {
      return step(key, {
        at: 'refused',
        failure: failure(
          'file-unreadable',
          `"${file.name}" was not taken.`,
          'Choose the file with the button instead.',
        ),
      });
    }
    update(key, (card) => ({ ...card, sizeBytes: first.sizeBytes }));
    await recognise(key, first.token);
  }

  /** Reads the file's beginning under the card's choices; an answer to choices changed since is dropped. */
  async function recognise(key: string, token: string): Promise<void> {
    const before = cardOf(key);
    if (!before) return;
    const { choices } = before;
    step(key, { at: 'recognising', token, last: previewOf(before) });
    const { format, map, source } = choices;
    const answer = await call('imports.preview', {
      token,
      format,
      map,
      source,
      strategy: said(choices.strategy),
      symbol: said(choices.symbol),
      zone: said(choices.zone),
      dateOrder: choices.dateOrder,
      lotSize: said(choices.lotSize),
    });
    const now = cardOf(key);
    if (now?.step.at !== 'recognising' || readsDifferently(now.choices, choices)) return;
    if (!answer.ok) return step(key, { at: 'unreadable', token, failure: answer.error });
    step(key, { at: 'ready', token, preview: answer.value, failure: null });
  }

  return {
    cards: [],
    running: null,
    leftOut: 0,
    passedOver: [],

    add(files, passedOver = []) {
      const taken = files.slice(0, FILES_AT_ONCE);
      const added = taken.map((file) => {
        const key = `card-${nextKey}`;
        nextKey += 1;
        return { card: newCard(key, { name: file.name, sizeBytes: file.size }), file };
      });
      set(({ cards }) => ({
        cards: [...added.map(({ card }) => card), ...cards], // what was just dropped is what the operator looks at
        leftOut: files.length - taken.length,
        passedOver,
      }));
      void (async () => {
        for (const { card, file } of added) await admit(card.key, file); // one after the other: uploads share one line
      })();
    },

    change(key, choices) {
      const before = cardOf(key);
      if (!before) return;
      const after = { ...before.choices, ...choices };
      update(key, (card) => ({ ...card, choices: after }));
      const at = before.step;
      if (readsDifferently(before.choices, after) && 'token' in at && at.at !== 'started')
        void recognise(key, at.token);
    },

    changeAll(choices) {
      for (const card of get().cards) {
        if (card.step.at !== 'ready' && card.step.at !== 'recognising' && card.step.at !== 'unreadable') continue;
        const { source, ...rest } = choices;
        const fixed = previewOf(card)?.recognised.impliedSource != null;
        get().change(card.key, source === undefined || fixed ? rest : { ...rest, source });
      }
    },

    async start(key) {
      const asked = get().cards.flatMap((card) => {
        const file = key === undefined || card.key === key ? startFileOf(card) : null;
        return file !== null && card.step.at === 'ready' ? [{ card, step: card.step, file }] : [];
      });
      if (asked.length === 0) return;
      for (const { card, step: ready } of asked) {
        step(card.key, { at: 'starting', token: ready.token, preview: ready.preview });
      }
      const answer = await call('imports.start', { files: asked.map(({ file }) => file) });
      for (const [index, { card, step: ready }] of asked.entries()) {
        const jobId = answer.ok ? answer.value.ids[index] : undefined;
        if (jobId === undefined) {
          const error = answer.ok
            ? failure('internal', `The import of "${card.name}" was not started.`, 'Start it again.')
            : answer.error;
          step(card.key, { ...ready, failure: error });
          continue;
        }
        step(card.key, { at: 'started', token: ready.token, preview: ready.preview, jobId, progress: null });
        // A small file may have ended before its number was known here.
        const early = endedEarly.get(jobId);
        if (early) update(card.key, (started) => withEnd(started, early));
        endedEarly.delete(jobId);
      }
    },

    async cancel(jobId) {
      await call('imports.cancel', { id: jobId });
    },

    remove: (key) => set(({ cards }) => ({ cards: cards.filter((card) => card.key !== key) })),

    removeEnded: () =>
      set(({ cards }) => ({ cards: cards.filter(({ step: { at } }) => at !== 'ended' && at !== 'refused') })),

    async importAs(key, choices) {
      const before = cardOf(key);
      const token = before === undefined ? null : tokenOf(before);
      if (token === null) return;
      update(key, (card) => ({ ...card, choices: { ...card.choices, ...choices } }));
      await recognise(key, token);
      await get().start(key);
    },

    again(key) {
      const card = cardOf(key);
      if (card?.step.at === 'ended') void recognise(key, card.step.token);
    },
  };
});

/** Ends of imports that no card follows yet, for those that were faster than the answer to their start. */
const endedEarly = new Map<string, Parameters<typeof withEnd>[1]>();
const ENDS_KEPT = 1_000;

/** Keeps the list true to what the engine says. Called once, after the page is on its carrier. */
export function followImports(): void {
  onEvent('imports.progress', ({ running }) => {
    useImports.setState(({ cards }) => ({ running, cards: cards.map((card) => withProgress(card, running)) }));
  });
  onEvent('imports.ended', (ended) => {
    const isFollowed = useImports.getState().cards.some(({ step }) => step.at === 'started' && step.jobId === ended.id);
    if (!isFollowed) {
      endedEarly.set(ended.id, ended);
      for (const oldest of endedEarly.keys()) {
        if (endedEarly.size <= ENDS_KEPT) break;
        endedEarly.delete(oldest);
      }
    }
    useImports.setState(({ cards, running }) => ({
      running: running?.filter((entry) => entry.id !== ended.id) ?? null,
      cards: cards.map((card) => withEnd(card, ended)),
    }));
  });
  let wasLost = false;
  watchConnection(() => {
    const isLost = readConnection().state === 'lost';
    if (wasLost && !isLost) void catchUp();
    wasLost = isLost;
  });
  // What was started belongs to the desk that was left; files that still wait go along.
  onEvent('desk.changed', () => {
    useImports.setState(({ cards }) => ({
      running: null,
      cards: cards.filter(({ step: { at } }) => at !== 'starting' && at !== 'started' && at !== 'ended'),
    }));
  });
}

/** The end of an import may have come while the engine was out of reach: what no longer runs leaves the list, and the history has it. */
async function catchUp(): Promise<void> {
  const answer = await call('imports.list', { page: { offset: 0, limit: 1 } });
  if (!answer.ok) return;
  const { running } = answer.value;
  const runs = (jobId: string) => running.some((entry) => entry.id === jobId);
  useImports.setState(({ cards }) => ({
    running,
    cards: cards.filter(({ step }) => step.at !== 'started' || runs(step.jobId)),
  }));
}
