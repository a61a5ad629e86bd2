/**
 * Which addresses are ours and which may leave the console. URLs are parsed before they are compared, never searched for a substring:
 * `app://lockstep.example`, `app://lockstep@example` and `https://example/app://lockstep` are somebody else.
 */

/** Whether the address belongs to the console's own page. */
export function isOwnAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return (
    url.protocol === 'app:' && url.host === 'lockstep' && url.username === '' && url.password === '' && url.port === ''
  );
}

/** Whether the address belongs to the guarded rollback control. */
export function isGuardAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return (
    url.protocol === 'app:' && url.host === 'guard' && url.username === '' && url.password === '' && url.port === ''
  );
}

/** Sites whose pages explain how to get the files Lockstep reads; nothing else is opened in the user's browser. */
const externalHosts: ReadonlySet<string> = new Set([
  'www.freqtrade.io',
  'www.binance.com',
  'support.kraken.com',
  'help.coinbase.com',
  'www.tradingview.com',
]);

export function mayOpenOutside(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return (
    url.protocol === 'https:' &&
    externalHosts.has(url.hostname) &&
    url.port === '' &&
    url.username === '' &&
    url.password === ''
  );
}
