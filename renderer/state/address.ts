import { useSyncExternalStore } from 'react';

/**
 * The address of what is on screen, kept in the hash: `#/parity/mean-revert/BTC%2FUSDT?kind=missed`. Every segment and every
 * parameter is encoded on its own, so that names with slashes, blanks or percent signs survive being copied and reopened.
 */
export interface Address {
  /** Decoded path segments; the first one names the page. */
  readonly path: readonly string[];
  readonly query: Readonly<Record<string, string>>;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray % typed by hand: take it literally
  }
}

export function parseAddress(hash: string): Address {
  const [pathText = '', queryText = ''] = hash.replace(/^#?\/?/, '').split('?', 2);
  return {
    path: pathText.split('/').filter(Boolean).map(decode),
    query: Object.fromEntries(new URLSearchParams(queryText)),
  };
}

/** The hash (with `#`) of a page; null segments and null parameters are left out. Use it as the `href` of a plain link. */
export function hrefOf(
  path: readonly (string | null)[],
  query: Readonly<Record<string, string | null | undefined>> = {},
): string {
  const segments = path.filter((segment) => segment !== null).map(encodeURIComponent);
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value != null) parameters.set(name, value);
  const queryText = parameters.toString();
  return `#/${segments.join('/')}${queryText === '' ? '' : `?${queryText}`}`;
}

/** Goes to an address made by {@link hrefOf}. `replace` leaves no step behind for the back button (sorting, filtering). */
export function goTo(href: string, options: { readonly replace?: boolean } = {}): void {
  if (options.replace) {
    history.replaceState(null, '', href);
    window.dispatchEvent(new Event('hashchange')); // replaceState does not tell listeners
  } else {
    window.location.hash = href;
  }
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

let latest: { readonly hash: string; readonly address: Address } | null = null;

function snapshot(): Address {
  const { hash } = window.location;
  if (latest?.hash !== hash) latest = { hash, address: parseAddress(hash) };
  return latest.address;
}

export function useAddress(): Address {
  return useSyncExternalStore(subscribe, snapshot);
}
