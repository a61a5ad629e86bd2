import type { MessagePort } from 'node:worker_threads';
import { FailureError, toFailure } from '../../../shared/base/errors';
import { cancelledFailure, type FromWorker, type HostMethod, type TaskShape, type ToWorker } from './protocol';
import type { TaskFunctions, TaskName } from './tasks';

/** The worker's side: takes jobs from the port, runs their task and answers. One job at a time, as the pool sends them. */
export function serveTasks(port: MessagePort, tasks: Partial<TaskFunctions>): void {
  const running = new Map<number, Job>();
  port.on('message', (message: ToWorker) => {
    const job = running.get(message.job);
    switch (message.kind) {
      case 'run': {
        const started = new Job(port, message.job);
        running.set(message.job, started);
        void started.run(tasks, message.task, message.args).finally(() => running.delete(message.job));
        break;
      }
      case 'cancel':
        job?.abort();
        break;
      case 'answer':
        job?.settle(message.call, (call) => call.resolve(message.value));
        break;
      case 'refuse':
        job?.settle(message.call, (call) => call.reject(new FailureError(message.failure)));
        break;
    }
  });
}

interface PendingCall {
  resolve(value: unknown): void;
  reject(error: FailureError): void;
}

class Job {
  private readonly cancelling = new AbortController();
  private readonly calls = new Map<number, PendingCall>();
  private readonly moved: ArrayBuffer[] = [];
  private nextCall = 1;

  constructor(
    private readonly port: MessagePort,
    private readonly job: number,
  ) {}

  async run(tasks: Partial<TaskFunctions>, name: string, args: unknown): Promise<void> {
    try {
      if (!Object.hasOwn(tasks, name)) throw new Error(`no task "${name}" in this worker`);
      // The pool's `run` is typed by the same table, so name, arguments and host belong together.
      const task = tasks[name as TaskName] as (args: unknown, context: unknown) => Promise<unknown>;
      const value = await task(args, {
        signal: this.cancelling.signal,
        host: this.host(),
        progress: (progress: unknown) => this.send({ kind: 'progress', job: this.job, value: progress }),
        moveWithResult: (buffers: readonly ArrayBuffer[]) => this.moved.push(...buffers),
      });
      this.send({ kind: 'done', job: this.job, value }, this.moved);
    } catch (thrown) {
      const reason = this.cancelling.signal.aborted ? cancelledFailure() : toFailure(thrown);
      this.send({ kind: 'failed', job: this.job, failure: reason });
    }
  }

  abort(): void {
    this.cancelling.abort();
    for (const call of this.calls.values()) call.reject(new FailureError(cancelledFailure()));
    this.calls.clear();
  }

  settle(call: number, how: (pending: PendingCall) => void): void {
    const pending = this.calls.get(call);
    this.calls.delete(call);
    if (pending) how(pending);
  }

  /** An object whose every method is a call to the engine. */
  private host(): TaskShape['host'] {
    return new Proxy<Record<string, HostMethod>>(
      {},
      {
        get:
          (_target, method) =>
          (argument: unknown, transfer: readonly ArrayBuffer[] = []) =>
            new Promise((resolve, reject) => {
              const call = this.nextCall++;
              this.calls.set(call, { resolve, reject });
              this.send({ kind: 'call', job: this.job, call, method: String(method), argument }, transfer);
            }),
      },
    );
  }

  private send(message: FromWorker, transfer: readonly ArrayBuffer[] = []): void {
    this.port.postMessage(message, transfer);
  }
}
