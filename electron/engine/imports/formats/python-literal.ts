/** Values that Python programs write with `str()`: dictionaries and lists in single quotes, with None, True and False. */

/** A text with its prefix (`'it\'s'`, `u"a"`), a wrapped number (`Decimal('0.1')`), or a word. */
const token = /(?:Decimal\(\s*)?(['"])((?:\\.|(?!\1)[^\\])*)\1(\s*\))?|\b(?:None|True|False|nan|inf)\b/gs;
const words: Readonly<Record<string, string>> = {
  None: 'null',
  True: 'true',
  False: 'false',
  nan: 'null',
  inf: 'null',
};

/** The value as JSON would give it; tuples are no JSON and are refused. undefined = it cannot be read. */
export function parsePythonLiteral(text: string): unknown {
  try {
    return JSON.parse(
      text.replaceAll(token, (whole: string, quote: string | undefined, content: string | undefined) =>
        quote === undefined ? (words[whole] ?? whole) : JSON.stringify(unescaped(content ?? '')),
      ),
    );
  } catch {
    return undefined;
  }
}

function unescaped(content: string): string {
  return content.replaceAll(/\\(['"\\])/g, '$1');
}
