import { readFile, realpath } from 'node:fs/promises';
import { extname, resolve, sep } from 'node:path';

/**
 * The page's files and the headers they are sent with: one root, known kinds of files, nothing else. The shell's `app://` scheme and
 * the served console both answer from here, so that the page lives under the same rules in both.
 */

export interface PageFile {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Nothing from elsewhere, nothing inline, no frames, no forms: a row of an imported file that is shown can run nothing. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-src 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

export const securityHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': contentSecurityPolicy,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/**
 * Path of the file that a URL's path names, or null when it names none: undecodable, outside the root, or of a kind the page has not.
 * The check is on the resolved path with its separator, so that `/root-other` is not inside `/root`.
 */
export function locatePageFile(root: string, urlPath: string): string | null {
  let path: string;
  try {
    path = decodeURIComponent(urlPath);
  } catch {
    return null;
  }
  if (path.includes('\0') || path.includes('\\')) return null;
  const base = resolve(root);
  const file = resolve(base, `.${path === '/' ? '/index.html' : path}`);
  return file.startsWith(base + sep) && extname(file) in contentTypes ? file : null;
}

/** The file with its headers, or null when there is none. */
export async function readPageFile(root: string, urlPath: string): Promise<PageFile | null> {
  const file = locatePageFile(root, urlPath);
  if (file === null) return null;
  let body: Buffer;
  try {
    // A link must not lead out of the root either.
    if (!(await realpath(file)).startsWith((await realpath(root)) + sep)) return null;
    body = await readFile(file);
  } catch {
    return null;
  }
  const extension = extname(file);
  return {
    body,
    headers: {
      ...securityHeaders,
      'Content-Type': contentTypes[extension] ?? 'application/octet-stream',
      // Built assets carry their hash in their name; the page itself must always be the current one.
      'Cache-Control': extension === '.html' ? 'no-store' : 'max-age=31536000, immutable',
    },
  };
}
