import { numberOf, type Vector } from './vectors';

/** How a vector's function is reached here: an adapter turns its inputs into ours and our answer into its form. */
export type Adapter = (inputs: Inputs, vector: Vector) => unknown;

/** Of a vector of a function we have: we answer differently on purpose. */
export class NotOurs extends Error {}

/** A vector's inputs by name; an input of another kind than asked for is an error that names it. */
export class Inputs {
  constructor(
    readonly given: Readonly<Record<string, unknown>>,
    private readonly fixtures: Readonly<Record<string, unknown>> = {},
  ) {}

  has(name: string): boolean {
    return this.given[name] !== undefined && this.given[name] !== null;
  }

  number(name: string, fallback?: number): number {
    if (!this.has(name) && fallback !== undefined) return fallback;
    const value = numberOf(this.given[name]);
    if (value === null || this.given[name] === null) throw new Error(`input ${name} is no number`);
    return value;
  }

  /** As {@link number}; null where the vector says so. */
  optional(name: string): number | null {
    return this.has(name) ? this.number(name) : null;
  }

  flag(name: string): boolean {
    const value = this.given[name];
    if (typeof value !== 'boolean') throw new Error(`input ${name} is neither true nor false`);
    return value;
  }

  text(name: string, fallback?: string): string {
    const value = this.given[name] ?? fallback;
    if (typeof value !== 'string') throw new Error(`input ${name} is no text`);
    return value;
  }

  /** Numbers; unknown ones are NaN. */
  list(name: string): number[] {
    const value = this.given[name];
    if (!Array.isArray(value)) throw new Error(`input ${name} is no list`);
    return value.map((entry) => {
      const number = numberOf(entry);
      if (number === null) throw new Error(`input ${name} holds ${JSON.stringify(entry)}`);
      return number;
    });
  }

  record(name: string): Inputs {
    const value = this.given[name];
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new Error(`input ${name} is no record`);
    return new Inputs(Object.fromEntries(Object.entries(value)), this.fixtures);
  }

  /** What an input that is a name stands for. */
  fixture(name: string): unknown {
    const value = this.given[name];
    const fixture = typeof value === 'string' ? this.fixtures[value] : undefined;
    if (fixture === undefined) throw new Error(`input ${name} names no fixture: ${JSON.stringify(value)}`);
    return fixture;
  }
}
