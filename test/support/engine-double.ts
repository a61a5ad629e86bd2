import type { Carrier, EngineDoor, FileToAdmit } from '../../electron/engine/door';
import { ok, type Result } from '../../shared/base/result';
import type { EventMessage } from '../../shared/contract/wire';

/** An engine that answers every call with its own arguments, for tests of what carries the calls. */
export class EngineDouble implements EngineDoor {
  readonly calls: { readonly carrier: Carrier; readonly name: string; readonly args: unknown }[] = [];
  readonly admitted: FileToAdmit[] = [];
  /** What calls wait for before they answer. */
  gate: Promise<unknown> = Promise.resolve();
  answer: (args: unknown) => Result<unknown> = ok;
  private readonly listeners = new Set<(message: EventMessage) => void>();

  async call(carrier: Carrier, name: string, args: unknown): Promise<Result<unknown>> {
    this.calls.push({ carrier, name, args });
    await this.gate;
    return this.answer(args);
  }

  onEvent(listener: (message: EventMessage) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async admit(file: FileToAdmit) {
    this.admitted.push(file);
    return ok({ token: `file-${this.admitted.length}`, name: file.name, sizeBytes: 0 });
  }

  async close(): Promise<void> {}

  emit(message: EventMessage): void {
    for (const listener of this.listeners) listener(message);
  }
}
