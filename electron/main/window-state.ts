import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

/** Where the window was, kept between starts, and put back on a screen when that screen is gone. */

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const rectangleSchema = z.object({ x: z.int(), y: z.int(), width: z.int().min(1), height: z.int().min(1) });
const windowStateSchema = z.object({ bounds: rectangleSchema, maximized: z.boolean() });
export type WindowState = z.infer<typeof windowStateSchema>;

export const smallestWindow = { width: 960, height: 600 } as const;
const preferredWindow = { width: 1440, height: 900 } as const;
/** The part of the window that must be on a screen for the user to get hold of it, pixels. */
const grip = 120;

/**
 * Bounds that can be seen and grabbed: the stored ones where enough of their top edge is on some screen, else centred on the first
 * screen; never larger than the screen they are on. `workAreas` starts with the primary screen.
 */
export function placeWindow(stored: Rectangle | null, workAreas: readonly [Rectangle, ...Rectangle[]]): Rectangle {
  const home = stored === null ? undefined : workAreas.find((area) => canBeGrabbed(stored, area));
  if (stored !== null && home !== undefined) {
    return { ...stored, width: Math.min(stored.width, home.width), height: Math.min(stored.height, home.height) };
  }
  const [primary] = workAreas;
  const width = Math.min(stored?.width ?? preferredWindow.width, primary.width);
  const height = Math.min(stored?.height ?? preferredWindow.height, primary.height);
  return {
    x: primary.x + Math.round((primary.width - width) / 2),
    y: primary.y + Math.round((primary.height - height) / 2),
    width,
    height,
  };
}

function canBeGrabbed(window: Rectangle, area: Rectangle): boolean {
  const visibleWidth = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  return visibleWidth >= grip && window.y >= area.y && window.y <= area.y + area.height - grip;
}

/** null where nothing usable is stored: a window in its default place is the right answer to a damaged file. */
export function readWindowState(file: string): WindowState | null {
  try {
    return windowStateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** Synchronous, because it is last called when the window is already closing. */
export function writeWindowState(file: string, state: WindowState): void {
  writeFileSync(file, JSON.stringify(state));
}
