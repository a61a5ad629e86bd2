import { type MessagePort, Worker } from 'node:worker_threads';
import { type Failure, FailureError, failure, toFailure } from '../../../shared/base/errors';
import { cancelledFailure, type FromWorker, type HostMethod, type ToWorker } from './protocol';
import type { RunOptions, TaskName, TaskRunner, Tasks } from './tasks';

/**
 * Long-lived worker threads for work that would block the main thread. A job that is cancelled has `graceMs` to end by itself;
 * then its thread is stopped. A thread that dies fails its job alone and is replaced by the next job that needs one.
 */
export interface WorkerPoolOptions {
  /** The bundled `entry.ts`. */
  readonly script: URL | string;
  readonly threads: number;
  /** Jobs that may wait for a thread; one more is refused with `busy`. */
  readonly queueLimit?: number;
  readonly graceMs?: number;
  /** Room of a thread for short-lived objects; left out = as much as work on columns needs. */
  readonly maxYoungGenerationSizeMb?: number;
  /** What the program is told of its threads, as `workerData`; left out = nothing. */
  readonly role?: string;
}

export function createWorkerPool(options: WorkerPoolOptions): TaskRunner {
  return new WorkerPool(options);
}

/** The work is on columns; what short-lived objects there are need no large nursery, which would count in the process's memory. */
const usualYoungGenerationSizeMb = 12;

interface Job {
  readonly number: number;
  readonly name: string;
  readonly args: unknown;
  readonly transfer: readonly (ArrayBuffer | MessagePort)[];
  readonly host: object;
  readonly onProgress: ((value: unknown) => void) | undefined;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: FailureError) => void;
}

class WorkerPool implements TaskRunner {
  private readonly threads: Thread[] = [];
  private readonly waiting: Job[] = [];
  private nextNumber = 1;
  private closed = false;

  constructor(private readonly options: WorkerPoolOptions) {}

  run<Name extends TaskName>(
    name: Name,
    args: Tasks[Name]['args'],
    run: RunOptions<Tasks[Name]>,
  ): Promise<Tasks[Name]['result']> {
    return new Promise<Tasks[Name]['result']>((resolve, reject) => {
      const { signal } = run;
      if (this.closed) return reject(new FailureError(closedFailure()));
      if (signal?.aborted) return reject(new FailureError(cancelledFailure()));
      const limit = this.options.queueLimit ?? 1_000;
      if (this.waiting.length >= limit) return reject(new FailureError(queueFull(limit)));
      const cancel = () => this.cancel(job);
      const ended = () => signal?.removeEventListener('abort', cancel);
      const job: Job = {
        number: this.nextNumber++,
        name,
        args,
        transfer: run.transfer ?? [],
        host: run.host,
        // Values come from the task of this name, whose types `run` states.
        onProgress: run.onProgress as ((value: unknown) => void) | undefined,
        resolve: (value) => {
          ended();
          resolve(value as Tasks[Name]['result']); // as above
        },
        reject: (error) => {
          ended();
          reject(error);
        },
      };
      signal?.addEventListener('abort', cancel);
      this.waiting.push(job);
      this.assign();
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const job of this.waiting.splice(0)) job.reject(new FailureError(closedFailure()));
    await Promise.all(this.threads.splice(0).map((thread) => thread.stop(closedFailure())));
  }

  private assign(): void {
    while (this.waiting.length > 0) {
      let free = this.threads.find((thread) => thread.job === null);
      if (!free) {
        if (this.threads.length >= this.options.threads) return;
        free = new Thread(this.options, {
          onFree: () => this.assign(),
          onDead: (dead) => {
            const index = this.threads.indexOf(dead);
            if (index >= 0) this.threads.splice(index, 1);
            if (!this.closed) this.assign();
          },
        });
        this.threads.push(free);
      }
      free.start(this.waiting.shift()!);
    }
  }

  private cancel(job: Job): void {
    const place = this.waiting.indexOf(job);
    if (place >= 0) {
      this.waiting.splice(place, 1);
      job.reject(new FailureError(cancelledFailure()));
      return;
    }
    const thread = this.threads.find((candidate) => candidate.job === job);
    thread?.cancel(this.options.graceMs ?? 400);
  }
}

interface ThreadEvents {
  readonly onFree: () => void;
  readonly onDead: (thread: Thread) => void;
}

class Thread {
  job: Job | null = null;
  private readonly worker: Worker;
  private graceTimer: NodeJS.Timeout | null = null;
  private dead = false;

  constructor(
    { script, role, maxYoungGenerationSizeMb = usualYoungGenerationSizeMb }: WorkerPoolOptions,
    private readonly events: ThreadEvents,
  ) {
    this.worker = new Worker(script, {
      ...{ name: 'lockstep-engine', workerData: role, resourceLimits: { maxYoungGenerationSizeMb } },
    });
    this.worker.unref();
    this.worker.on('message', (message: FromWorker) => this.receive(message));
    this.worker.on('error', (error) => this.die(diedFailure(error)));
    this.worker.on('exit', (code) => this.die(diedFailure(new Error(`it ended with code ${code}`))));
  }

  start(job: Job): void {
    this.job = job;
    this.worker.ref();
    try {
      this.send({ kind: 'run', job: job.number, task: job.name, args: job.args }, job.transfer);
    } catch (thrown) {
      // Arguments that cannot be cloned: the job's fault, not the thread's.
      this.end()?.reject(new FailureError(toFailure(thrown)));
    }
  }

  cancel(graceMs: number): void {
    if (!this.job || this.graceTimer) return;
    this.send({ kind: 'cancel', job: this.job.number });
    this.graceTimer = setTimeout(() => void this.stop(cancelledFailure()), graceMs);
  }

  /** Ends the thread now; its job fails with the reason. */
  async stop(reason: Failure): Promise<void> {
    this.die(reason);
    await this.worker.terminate();
  }

  private receive(message: FromWorker): void {
    const { job } = this;
    if (!job || message.job !== job.number) return;
    switch (message.kind) {
      case 'progress':
        job.onProgress?.(message.value);
        break;
      case 'call':
        void this.answer(job, message.call, message.method, message.argument);
        break;
      case 'done':
        this.end()?.resolve(message.value);
        break;
      case 'failed':
        this.end()?.reject(new FailureError(message.failure));
        break;
    }
  }

  private async answer(job: Job, call: number, name: string, argument: unknown): Promise<void> {
    try {
      // The worker's side is typed by the same host interface, so the method exists and takes this argument.
      const method = Reflect.get(job.host, name) as HostMethod;
      const value = await method.call(job.host, argument);
      if (this.job === job) this.send({ kind: 'answer', job: job.number, call, value });
    } catch (thrown) {
      if (this.job === job) this.send({ kind: 'refuse', job: job.number, call, failure: toFailure(thrown) });
    }
  }

  /** Takes the job off the thread and offers the thread again once the job is settled. */
  private end(): Job | null {
    const { job } = this;
    this.job = null;
    if (this.graceTimer) clearTimeout(this.graceTimer);
    this.graceTimer = null;
    this.worker.unref();
    if (!this.dead) queueMicrotask(() => this.events.onFree());
    return job;
  }

  private die(reason: Failure): void {
    if (this.dead) return;
    this.dead = true;
    this.end()?.reject(new FailureError(reason));
    this.events.onDead(this);
  }

  private send(message: ToWorker, transfer: readonly (ArrayBuffer | MessagePort)[] = []): void {
    this.worker.postMessage(message, transfer);
  }
}

function closedFailure(): Failure {
  return failure('unavailable', 'The application is closing.', 'Start it again.');
}

function queueFull(limit: number): Failure {
  return failure('busy', `${limit} jobs are waiting already.`, 'Wait until some of them are done, then repeat.', {
    limit,
  });
}

function diedFailure(error: Error): Failure {
  return failure(
    'internal',
    `The worker thread stopped in the middle of the work: ${error.message}.`,
    'Repeat the action; the next one runs on a fresh thread.',
  );
}
