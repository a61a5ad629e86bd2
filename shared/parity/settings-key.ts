/**
 * Where parity settings are stored: strategy null = the whole desk, symbol null = the whole strategy. The names are in JSON, so that
 * no name can be mistaken for another key.
 */
export function paritySettingsKey(strategy: string | null, symbol: string | null): string {
  if (strategy === null) return 'parity';
  return `parity:${JSON.stringify(symbol === null ? [strategy] : [strategy, symbol])}`;
}
