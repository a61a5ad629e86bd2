import type { Bridge } from '../../shared/contract/bridge';
import { attach, setConnection } from './engine';
import { connectSocket } from './socket-bridge';

declare global {
  interface Window {
    /** Set by Electron's preload; absent in the served console. */
    readonly lockstep?: Bridge;
  }
}

/** Puts the page on the carrier it was loaded with. */
export function connect(): void {
  if (window.lockstep) {
    attach(window.lockstep, null);
    return;
  }
  const { bridge, retryNow } = connectSocket({ origin: window.location.origin, onConnection: setConnection });
  attach(bridge, retryNow);
}
