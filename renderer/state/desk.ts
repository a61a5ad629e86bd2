import { create } from 'zustand';
import type { Failure } from '../../shared/base/errors';
import { call, onEvent } from '../api/engine';
import { goTo } from './address';

/**
 * Going between the trader's own desk and the sample desk. Making the sample takes a while the first time; its progress is shown
 * wherever it was asked for.
 */
interface DeskSwitch {
  readonly going: 'sample' | 'main' | null;
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly error: Failure | null;
  readonly openSample: () => Promise<void>;
  readonly openMain: () => Promise<void>;
}

export const useDeskSwitch = create<DeskSwitch>()((set, get) => {
  async function go(to: 'sample' | 'main'): Promise<void> {
    if (get().going !== null) return;
    set({ going: to, progress: null, error: null });
    const result = await call(to === 'sample' ? 'desk.openSample' : 'desk.openMain', {});
    set({ going: null, progress: null, error: result.ok ? null : result.error });
    if (result.ok) goTo('#/');
  }
  return {
    going: null,
    progress: null,
    error: null,
    openSample: () => go('sample'),
    openMain: () => go('main'),
  };
});

/** Shows how far the making of the sample desk is. Called once, after the page is on its carrier. */
export function followSample(): void {
  onEvent('sample.progress', (progress) => {
    if (useDeskSwitch.getState().going === 'sample') useDeskSwitch.setState({ progress });
  });
}
