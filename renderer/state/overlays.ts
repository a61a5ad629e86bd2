import { create } from 'zustand';

/** Which overlay of the frame is open; at most one. */
type Overlay = 'palette' | 'shortcuts';

interface Overlays {
  readonly open: Overlay | null;
  readonly show: (overlay: Overlay) => void;
  readonly close: () => void;
}

export const useOverlays = create<Overlays>()((set) => ({
  open: null,
  show: (overlay) => set({ open: overlay }),
  close: () => set({ open: null }),
}));
