import { useEffect } from 'react';
import { pages } from '../pages/registry';
import { goTo, hrefOf } from '../state/address';
import { useOverlays } from '../state/overlays';
import { isTyping } from './keys';

/** How long `g` waits for its second key, ms. */
const GO_WAIT_MS = 1_200;

/** The shortcuts that hold everywhere: the palette, the list of shortcuts, and `g` then a page's key. */
export function useKeyboard(): void {
  useEffect(() => {
    let goPressedAtMs = Number.NEGATIVE_INFINITY;
    function onKey(event: KeyboardEvent): void {
      const overlays = useOverlays.getState();
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        if (overlays.open === 'palette') overlays.close();
        else overlays.show('palette');
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || overlays.open !== null) return;
      if (event.key === '?') {
        event.preventDefault();
        overlays.show('shortcuts');
        return;
      }
      if (event.timeStamp - goPressedAtMs <= GO_WAIT_MS) {
        goPressedAtMs = Number.NEGATIVE_INFINITY;
        const page = pages.find((entry) => entry.goKey === event.key);
        if (page) {
          event.preventDefault();
          goTo(hrefOf([page.id]));
        }
        return;
      }
      if (event.key === 'g') goPressedAtMs = event.timeStamp;
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
