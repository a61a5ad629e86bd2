import { request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';

/**
 * One request to a target that may be slow, broken or hostile: a connection of its own, no redirects, a bounded answer, and an end when
 * the signal says so. Never rejects.
 */

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly signal: AbortSignal;
  /** What is read of an answer, bytes; 64 KiB unless said otherwise. */
  readonly longestBody?: number;
}

export type HttpAnswer =
  /** `cut`: the body was longer than what is read of it. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly retryAfterMs: number | null;
      readonly body: string;
      readonly cut: boolean;
    }
  | { readonly kind: 'timed-out' }
  /** No whole answer came; `what` is a sentence. */
  | { readonly kind: 'broken'; readonly what: string };

export function exchange({
  method,
  url,
  headers,
  body,
  signal,
  longestBody = 64 * 1_024,
}: HttpRequest): Promise<HttpAnswer> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve({ kind: 'timed-out' });
    const send = url.protocol === 'https:' ? requestSecure : requestPlain;
    const request = send(url, {
      method,
      agent: false,
      headers: {
        ...headers,
        'User-Agent': 'Lockstep',
        Connection: 'close',
        ...(body !== null && { 'Content-Length': String(Buffer.byteLength(body)) }),
      },
      maxHeaderSize: 16 * 1_024,
    });
    const answer = (given: HttpAnswer) => {
      signal.removeEventListener('abort', stop);
      resolve(given);
      request.destroy();
    };
    const stop = () => answer({ kind: 'timed-out' });
    signal.addEventListener('abort', stop);
    request.on('error', (error) => answer({ kind: 'broken', what: brokenWords(error, url) }));
    request.on('close', () => answer({ kind: 'broken', what: `${url.host} closed the connection without an answer.` }));
    request.on('response', (response) => {
      const parts: Buffer[] = [];
      let length = 0;
      const whole = (cut: boolean) =>
        answer({
          kind: 'answer',
          status: response.statusCode ?? 0,
          retryAfterMs: retryAfterMs(response.headers['retry-after']),
          body: Buffer.concat(parts).subarray(0, longestBody).toString('utf8'),
          cut,
        });
      response.on('data', (part: Buffer) => {
        parts.push(part);
        length += part.length;
        if (length > longestBody) whole(true);
      });
      response.on('error', (error) => answer({ kind: 'broken', what: brokenWords(error, url) }));
      response.on('end', () => whole(false));
    });
    request.end(body ?? undefined);
  });
}

/** Seconds of a `Retry-After`; a date in it is passed over, since the other clock may be wrong. */
function retryAfterMs(header: string | undefined): number | null {
  return header !== undefined && /^\d{1,6}$/.test(header.trim()) ? Number(header) * 1_000 : null;
}

function brokenWords(error: NodeJS.ErrnoException, url: URL): string {
  const { host, hostname } = url;
  switch (error.code) {
    case 'ECONNREFUSED':
      return `Nothing listens at ${host}.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The name ${hostname} cannot be resolved.`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `There is no way to ${host} from here.`;
    case 'ECONNRESET':
    case 'EPIPE':
      return `${host} closed the connection before it had answered.`;
    case 'ETIMEDOUT':
      return `${host} does not answer.`;
    default:
      return error.code?.startsWith('HPE_')
        ? `${host} answers with something that is not HTTP.`
        : `The connection to ${host} failed: ${error.code ?? error.message}.`;
  }
}
