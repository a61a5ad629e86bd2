import { type Failure, failure } from '../../../shared/base/errors';

/**
 * How the engine and a worker thread talk. The engine sends a job; the worker reports progress, may call back into the engine (the
 * job's host: the store, a foreign database), and ends with a result or a failure. Every message carries its job's number.
 */
export type ToWorker =
  | { readonly kind: 'run'; readonly job: number; readonly task: string; readonly args: unknown }
  | { readonly kind: 'cancel'; readonly job: number }
  | { readonly kind: 'answer'; readonly job: number; readonly call: number; readonly value: unknown }
  | { readonly kind: 'refuse'; readonly job: number; readonly call: number; readonly failure: Failure };

export type FromWorker =
  | { readonly kind: 'progress'; readonly job: number; readonly value: unknown }
  | {
      readonly kind: 'call';
      readonly job: number;
      readonly call: number;
      readonly method: string;
      readonly argument: unknown;
    }
  | { readonly kind: 'done'; readonly job: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly job: number; readonly failure: Failure };

/** A host method as the wire sees it; the exact types are those of the task's own host interface. */
export type HostMethod = (argument: unknown, transfer?: readonly ArrayBuffer[]) => Promise<unknown>;

/**
 * The types of one kind of work. Arguments, result, progress and everything the host takes and gives must survive structured
 * cloning. A host's methods take one argument, and buffers of it that may be moved instead of copied.
 */
export interface TaskShape {
  readonly args: unknown;
  readonly result: unknown;
  readonly progress: unknown;
  readonly host: object;
}

/** What a running task has besides its arguments. */
export interface TaskContext<Shape extends TaskShape> {
  /** Aborted when the caller gives up; a task looks at it at least every few milliseconds of work. */
  readonly signal: AbortSignal;
  /** The engine's side of the job; a refusal there is a thrown `FailureError` here. */
  readonly host: Shape['host'];
  progress(value: Shape['progress']): void;
  /** Buffers of the result to move instead of copy. */
  moveWithResult(buffers: readonly ArrayBuffer[]): void;
}

export type TaskFunction<Shape extends TaskShape> = (
  args: Shape['args'],
  context: TaskContext<Shape>,
) => Promise<Shape['result']>;

/** How a job ends whose caller gave up. */
export function cancelledFailure(): Failure {
  return failure('cancelled', 'The work was cancelled.', 'Start it again when you need it.');
}
