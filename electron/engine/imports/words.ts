/** Small texts that repeat, kept once. */

/** A copy that does not hold the chunk of the file it was cut from. */
export function flat(text: string): string {
  return Buffer.from(text).toString();
}

/** Texts of one column and their codes in the order they came; code 0 is the unknown text. */
export class Words {
  private readonly codes = new Map<string, number>();
  private readonly texts: string[] = [''];
  private lastText: string | null = null;
  private lastCode = 0;

  get size(): number {
    return this.texts.length;
  }

  code(text: string | null): number {
    if (text === this.lastText) return this.lastCode;
    if (text === null || text === '') return 0;
    let code = this.codes.get(text);
    if (code === undefined) {
      code = this.texts.length;
      const own = flat(text);
      this.texts.push(own);
      this.codes.set(own, code);
    }
    this.lastText = text;
    this.lastCode = code;
    return code;
  }

  words(): readonly string[] {
    return [...this.texts];
  }

  /** Renumbers the codes so that only words they use are left, and returns those. */
  usedWords(codes: Uint16Array): readonly string[] {
    const words = [''];
    const own = new Map<number, number>([[0, 0]]);
    for (let index = 0; index < codes.length; index++) {
      const code = codes[index]!;
      let renumbered = own.get(code);
      if (renumbered === undefined) {
        renumbered = words.length;
        words.push(this.texts[code]!);
        own.set(code, renumbered);
      }
      codes[index] = renumbered;
    }
    return words;
  }

  clear(): void {
    if (this.texts.length > 1) {
      this.codes.clear();
      this.texts.length = 1;
    }
    this.lastText = null;
    this.lastCode = 0;
  }
}
