import { type Theme, useLook } from '../state/look';

/** The theme's tokens as colour texts, which a canvas needs resolved. */
const tokens = {
  surface0: '--surface-0',
  surface1: '--surface-1',
  surface2: '--surface-2',
  surface3: '--surface-3',
  text: '--text',
  textMuted: '--text-muted',
  line: '--line',
  accent: '--accent',
  pass: '--pass',
  warn: '--warn',
  fail: '--fail',
  unknown: '--unknown',
  live: '--live',
  backtest: '--backtest',
  focus: '--focus',
} as const;

export type PaletteColour = keyof typeof tokens;
export type Palette = Readonly<Record<PaletteColour, string>> & { readonly fontFamily: string };

function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const colours = Object.fromEntries(
    Object.entries(tokens).map(([name, token]) => [name, style.getPropertyValue(token).trim()]),
  );
  const fontFamily = getComputedStyle(document.body).fontFamily || 'sans-serif';
  return { ...(colours as Record<PaletteColour, string>), fontFamily }; // the entries are those of `tokens`, one by one
}

const palettes = new Map<Theme, Palette>();

/** The colours of the theme on screen; renders again when the theme is switched. */
export function usePalette(): Palette {
  const theme = useLook((look) => look.theme);
  let palette = palettes.get(theme);
  if (!palette) {
    palette = readPalette();
    palettes.set(theme, palette);
  }
  return palette;
}

/** The colour as CSS, for elements that follow the theme by themselves. */
export function cssColour(colour: PaletteColour): string {
  return `var(${tokens[colour]})`;
}

/** `#rrggbb` with an opacity of 0 to 1; other notations are returned as they are. */
export function withOpacity(colour: string, opacity: number): string {
  const long = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(colour);
  const hex = long ? `#${long[1]}${long[1]}${long[2]}${long[2]}${long[3]}${long[3]}` : colour;
  if (!/^#[0-9a-f]{6}$/i.test(hex)) return colour;
  return `${hex}${Math.round(opacity * 255)
    .toString(16)
    .padStart(2, '0')}`;
}
