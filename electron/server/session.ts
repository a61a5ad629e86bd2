import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/**
 * Who may speak to the served console: a browser that opened the printed address, on this machine, from the console's own page.
 * Host and Origin are checked on everything, because any web page the user visits can make the browser send requests to loopback, and
 * a name an attacker owns can be made to resolve to it.
 */

export type Verdict = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

const allowed: Verdict = { allowed: true };
const refused = (reason: string): Verdict => ({ allowed: false, reason });

export class Session {
  /** Stands in the printed address; good for this run of the server only. */
  readonly token = randomBytes(32).toString('base64url');
  private readonly secret = randomBytes(32).toString('base64url');
  private readonly cookieName: string;
  private readonly hosts: ReadonlySet<string>;

  constructor(port: number) {
    this.cookieName = `lockstep-${port}`; // cookies do not keep ports apart
    this.hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
  }

  /** Whether the request was sent by a page of this server or typed by the user, to a name of this machine. */
  checkSource({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>, upgrade: boolean): Verdict {
    const { host, origin } = headers;
    if (host === undefined || !this.hosts.has(host)) return refused('Host is not this console');
    if (origin !== undefined && origin !== `http://${host}`) return refused('Origin is not this console');
    const changes = upgrade || (method !== 'GET' && method !== 'HEAD');
    if (changes && origin === undefined) return refused('Origin is missing');
    const site = headers['sec-fetch-site'];
    const navigation = headers['sec-fetch-mode'] === 'navigate';
    // A link on another page may bring the user here, as any link may; other requests must come from here.
    if (site !== undefined && site !== 'same-origin' && site !== 'none' && !(navigation && !changes))
      return refused('the request comes from another site');
    return allowed;
  }

  accepts(token: string): boolean {
    return sameText(token, this.token);
  }

  /** Not readable by scripts, not sent by other sites, gone with the browser. */
  get setCookie(): string {
    return `${this.cookieName}=${this.secret}; HttpOnly; SameSite=Strict; Path=/`;
  }

  isSignedIn({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
    return (headers.cookie ?? '').split(';').some((pair) => {
      const [name, value] = pair.trim().split('=', 2);
      return name === this.cookieName && value !== undefined && sameText(value, this.secret);
    });
  }
}

/** Takes the same time wherever the difference is. */
function sameText(left: string, right: string): boolean {
  const leftBytes = Buffer.from(left);
  const rightBytes = Buffer.from(right);
  return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes);
}
