/** Letters, digits and a few signs that are part of a name on every system; anything else, and a leading dot, becomes a dash. */
export function suggestedName(name: string): string {
  const plain = name.replaceAll(/[^\p{L}\p{N}._ -]+/gu, '-').replace(/^[. ]+/, '-');
  return [...plain].slice(-120).join('').trim() || 'lockstep';
}
