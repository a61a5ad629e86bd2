import { SECOND_MS } from '../../shared/base/time';

/** Whether the engine can be reached, as the strip shows it. */
export type Connection =
  | { readonly state: 'connected' }
  | {
      readonly state: 'lost';
      readonly sinceUs: number;
      /** Tries so far. */
      readonly attempts: number;
      /** When the next try begins; null while one is under way, or where the shell reconnects by itself. */
      readonly nextTryUs: number | null;
    };

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 15 * SECOND_MS;

/**
 * Delay before try number `attempt` (from 1), ms: doubles from half a second to 15 s, spread by +-20 % so that several pages do not
 * knock at the same instant. `random` is in [0, 1).
 */
export function reconnectDelayMs(attempt: number, random: number): number {
  const plain = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.max(0, attempt - 1));
  return Math.round(plain * (0.8 + 0.4 * random));
}
