/** Values remembered by name while they fit: what was used longest ago is forgotten first. */
export class Kept<Value> {
  private readonly values = new Map<string, { readonly value: Value; readonly size: number }>();
  private total = 0;

  constructor(
    private readonly most: number,
    /** In the unit of `most`; one each unless told. */
    private readonly sizeOf: (value: Value) => number = () => 1,
  ) {}

  get(name: string): Value | undefined {
    const found = this.values.get(name);
    if (found === undefined) return undefined;
    this.values.delete(name);
    this.values.set(name, found);
    return found.value;
  }

  set(name: string, value: Value): void {
    this.delete(name);
    const size = this.sizeOf(value);
    this.values.set(name, { value, size });
    this.total += size;
    for (const oldest of this.values.keys()) {
      if (this.total <= this.most) break;
      this.delete(oldest);
    }
  }

  delete(name: string): void {
    const found = this.values.get(name);
    if (found === undefined) return;
    this.values.delete(name);
    this.total -= found.size;
  }
}
