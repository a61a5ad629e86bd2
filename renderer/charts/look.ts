import type { Palette } from './palette';
import type { ChartOption } from './parts';

/** Axes, grid and tooltip as every chart of the console draws them. */
const LABEL_PX = 11;

export const stillOption = { animation: false, useUTC: true } as const;

export function axisLook(palette: Palette) {
  return {
    axisLabel: { color: palette.textMuted, fontSize: LABEL_PX, fontFamily: palette.fontFamily, hideOverlap: true },
    axisLine: { show: true, lineStyle: { color: palette.line } },
    axisTick: { show: false },
    splitLine: { show: true, lineStyle: { color: palette.line, width: 1 } },
    nameTextStyle: { color: palette.textMuted, fontSize: LABEL_PX, fontFamily: palette.fontFamily },
    minorTick: { show: false },
  };
}

export function tooltipLook(palette: Palette) {
  return {
    confine: true,
    transitionDuration: 0,
    backgroundColor: palette.surface2,
    borderColor: palette.line,
    borderWidth: 1,
    padding: 0,
    textStyle: { color: palette.text, fontSize: 12, fontFamily: palette.fontFamily },
    extraCssText: 'box-shadow: var(--shadow); border-radius: 4px;',
    axisPointer: {
      lineStyle: { color: palette.textMuted, type: 'solid' as const, width: 1 },
      label: { show: false },
    },
  };
}

/** Drag to pan, Ctrl + wheel to zoom (a bare wheel scrolls the page), and a brush strip below when there is room for it. */
export function zoomLook(
  palette: Palette,
  options: { readonly strip: boolean; readonly axes?: number[] },
): NonNullable<ChartOption['dataZoom']> {
  const xAxisIndex = options.axes ?? [0];
  const inside = {
    type: 'inside' as const,
    xAxisIndex,
    zoomOnMouseWheel: 'ctrl' as const,
    moveOnMouseMove: true,
    moveOnMouseWheel: false,
    preventDefaultMouseMove: false,
    throttle: 0,
    filterMode: 'none' as const,
  };
  if (!options.strip) return [inside];
  return [
    inside,
    {
      type: 'slider',
      xAxisIndex,
      bottom: 4,
      height: 18,
      filterMode: 'none',
      throttle: 0,
      borderColor: palette.line,
      backgroundColor: 'transparent',
      fillerColor: `${palette.textMuted}22`,
      dataBackground: {
        lineStyle: { color: palette.textMuted, opacity: 0.6 },
        areaStyle: { color: palette.textMuted, opacity: 0.12 },
      },
      selectedDataBackground: {
        lineStyle: { color: palette.text, opacity: 0.8 },
        areaStyle: { color: palette.textMuted, opacity: 0.2 },
      },
      handleStyle: { color: palette.surface3, borderColor: palette.textMuted },
      moveHandleStyle: { color: palette.textMuted, opacity: 0.5 },
      emphasis: { handleStyle: { borderColor: palette.text }, moveHandleStyle: { color: palette.text } },
      textStyle: { color: palette.textMuted, fontSize: LABEL_PX },
      brushSelect: true,
    },
  ];
}
