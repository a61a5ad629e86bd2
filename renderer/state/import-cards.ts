import type { Failure } from '../../shared/base/errors';
import type {
  AdmittedFile,
  CallArgs,
  CallResult,
  DateOrder,
  EventPayload,
  ImportProgress,
  ImportQuestion,
} from '../../shared/contract/calls';
import type { Source } from '../../shared/market/executions';

/**
 * What becomes of a file between being dropped and being stored, one card per file. Pure: the page's store applies these to its list.
 *
 *     admitting -> recognising -> ready -> started -> ended
 *         \             \-> unreadable (another format or map may be chosen: recognising again)
 *          \-> refused
 */
export type Preview = CallResult<'imports.preview'>;
export type StartFile = CallArgs<'imports.start'>['files'][number];

/** What the operator said about the file; null or empty = let the content tell. */
export interface Choices {
  readonly format: string | null;
  readonly map: string | null;
  readonly source: Source | null;
  readonly strategy: string;
  readonly version: string;
  readonly account: string;
  readonly symbol: string;
  readonly zone: string;
  readonly dateOrder: DateOrder | null;
  readonly lotSize: string;
}

const noChoices: Choices = {
  format: null,
  map: null,
  source: null,
  strategy: '',
  version: '',
  account: '',
  symbol: '',
  zone: '',
  dateOrder: null,
  lotSize: '',
};

export type CardStep =
  | { readonly at: 'admitting' }
  | { readonly at: 'refused'; readonly failure: Failure }
  | { readonly at: 'recognising'; readonly token: string; readonly last: Preview | null }
  | { readonly at: 'unreadable'; readonly token: string; readonly failure: Failure }
  | { readonly at: 'ready'; readonly token: string; readonly preview: Preview; readonly failure: Failure | null }
  | { readonly at: 'starting'; readonly token: string; readonly preview: Preview }
  | {
      readonly at: 'started';
      readonly token: string;
      readonly preview: Preview;
      readonly jobId: string;
      readonly progress: ImportProgress | null;
    }
  | {
      readonly at: 'ended';
      readonly token: string;
      readonly preview: Preview;
      readonly state: EventPayload<'imports.ended'>['state'];
      readonly importId: string | null;
      readonly failure: Failure | null;
    };

export interface Card {
  readonly key: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly choices: Choices;
  readonly step: CardStep;
}

export function newCard(key: string, file: Pick<AdmittedFile, 'name' | 'sizeBytes'>): Card {
  return { key, name: file.name, sizeBytes: file.sizeBytes, choices: noChoices, step: { at: 'admitting' } };
}

/** The source the import will have: what the content implies wins, because a backtest result is never live. */
export function sourceOf(card: Card): Source | null {
  const preview = previewOf(card);
  return preview?.recognised.impliedSource ?? card.choices.source;
}

export function previewOf(card: Card): Preview | null {
  const { step } = card;
  return 'preview' in step ? step.preview : step.at === 'recognising' ? step.last : null;
}

/** What the engine knows the file by; null before it was taken, and after it was refused. */
export function tokenOf({ step }: Card): string | null {
  return 'token' in step ? step.token : null;
}

/** Prices and order events without a strategy of their own belong to no strategy's executions, but a fill must. */
function needsStrategy(card: Card): boolean {
  const preview = previewOf(card);
  return preview !== null && preview.recognised.impliedStrategies.length === 0 && card.choices.strategy.trim() === '';
}

/** What the content leaves open and has no field of its own on the card. */
export function questionsOf(card: Card): readonly ImportQuestion[] {
  return previewOf(card)?.questions.filter(({ field }) => field !== 'strategy') ?? [];
}

/** The file is not imported before these are answered. */
function openQuestions(card: Card): readonly ImportQuestion[] {
  return questionsOf(card).filter(({ assumed }) => assumed === null);
}

export interface Missing {
  readonly source: string | null;
  readonly strategy: string | null;
}

/** What the operator still has to say before the file can be imported; null where nothing is missing. */
export function missingOf(card: Card): Missing {
  return {
    source: sourceOf(card) === null ? 'Say whether this is a live log or a backtest.' : null,
    strategy: needsStrategy(card) ? 'The file does not name its strategy.' : null,
  };
}

export function isStartable(card: Card): boolean {
  const missing = missingOf(card);
  return (
    card.step.at === 'ready' && missing.source === null && missing.strategy === null && openQuestions(card).length === 0
  );
}

/** A text field's value; null where nothing was typed. */
export function said(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}

/** The card as `imports.start` wants it; null when something is missing. */
export function startFileOf(card: Card): StartFile | null {
  const source = sourceOf(card);
  if (!isStartable(card) || card.step.at !== 'ready' || source === null) return null;
  const { choices } = card;
  return {
    token: card.step.token,
    source,
    strategy: said(choices.strategy),
    version: said(choices.version),
    account: said(choices.account),
    symbol: said(choices.symbol),
    zone: said(choices.zone),
    dateOrder: choices.dateOrder,
    lotSize: said(choices.lotSize),
    format: choices.format,
    map: choices.map,
  };
}

/** Whether the change makes the file read differently, so that it must be recognised again. */
export function readsDifferently(before: Choices, after: Choices): boolean {
  const reading = (['format', 'map', 'source', 'symbol', 'zone', 'dateOrder', 'lotSize'] as const).filter(
    (name) => before[name] !== after[name],
  );
  return reading.length > 0;
}

/** The card after an `imports.progress`. */
export function withProgress(card: Card, running: readonly ImportProgress[]): Card {
  const { step } = card;
  if (step.at !== 'started') return card;
  const progress = running.find((entry) => entry.id === step.jobId);
  return progress ? { ...card, step: { ...step, progress } } : card;
}

/** The card after an `imports.ended`. */
export function withEnd(card: Card, ended: EventPayload<'imports.ended'>): Card {
  const { step } = card;
  if (step.at !== 'started' || step.jobId !== ended.id) return card;
  const { token, preview } = step;
  const { state, importId, failure } = ended;
  return { ...card, step: { at: 'ended', token, preview, state, importId, failure } };
}
