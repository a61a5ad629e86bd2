import { formatCount, formatFigure } from '../format';
import { axisNumber } from './equity-difference';
import type { Histogram } from './histogram';
import { axisLook, stillOption, tooltipLook } from './look';
import type { Palette } from './palette';
import type { ChartOption } from './parts';
import { domainOf } from './scale';
import { tooltipBox } from './tooltip';

/** Distribution of the slippage of matched orders, with mean and quantiles as rules. */
export function slippageOption(histogram: Histogram, palette: Palette): ChartOption {
  const { edges, counts } = histogram;
  const width = edges.length > 1 ? edges[1]! - edges[0]! : 1;
  const look = axisLook(palette);
  const countDomain = domainOf(counts, [0], 4);
  const rules = [
    { name: 'p5', value: histogram.p5 },
    { name: 'median', value: histogram.p50 },
    { name: 'p95', value: histogram.p95 },
  ].filter((rule): rule is { name: string; value: number } => rule.value !== null);
  return {
    ...stillOption,
    grid: { left: 48, right: 16, top: 30, bottom: 42 },
    xAxis: {
      type: 'value',
      min: edges[0] ?? 0,
      max: edges.at(-1) ?? 1,
      ...look,
      splitLine: { show: false },
      name: 'slippage, bps   (− live better · live worse +)',
      nameLocation: 'middle',
      nameGap: 26,
      axisLabel: { ...look.axisLabel, formatter: (value: number) => axisNumber(value, width * 5) },
    },
    yAxis: {
      type: 'value',
      ...look,
      ...countDomain,
      minInterval: 1,
      name: 'orders',
      nameGap: 8,
      nameTextStyle: { ...look.nameTextStyle, align: 'left', padding: [0, 0, 0, -42] },
      axisLabel: {
        ...look.axisLabel,
        formatter: (value: number) => (Number.isInteger(value) ? formatCount(value) : ''),
      },
    },
    tooltip: {
      ...tooltipLook(palette),
      trigger: 'axis',
      axisPointer: { type: 'shadow', shadowStyle: { color: palette.textMuted, opacity: 0.12 } },
      formatter: (hovered: unknown) => {
        const first = Array.isArray(hovered) ? (hovered[0] as { dataIndex?: unknown } | undefined) : undefined; // the one series
        return typeof first?.dataIndex === 'number' ? binTooltip(histogram, first.dataIndex) : '';
      },
    },
    series: [
      {
        id: 'orders',
        type: 'bar',
        data: counts.map((count, bin) => ({
          value: [edges[bin]! + width / 2, count],
          itemStyle: { color: edges[bin]! + width / 2 > 0 ? palette.fail : palette.pass, opacity: 0.85 },
        })),
        barCategoryGap: '8%',
        emphasis: { disabled: true },
        markLine: {
          symbol: 'none',
          silent: true,
          animation: false,
          data: [
            { xAxis: 0, lineStyle: { color: palette.textMuted, type: 'solid', width: 1 }, label: { show: false } },
            ...rules.map((rule, place) => ({
              xAxis: rule.value,
              lineStyle: { color: palette.text, type: 'dashed' as const, width: 1 },
              label: {
                formatter: `${rule.name} ${formatFigure(rule.value, 'bps', { signed: true })}`,
                // The outer rules write away from the median, so that three near ones do not overprint.
                align: (['right', 'center', 'left'] as const)[place]!,
                color: palette.text,
                fontSize: 11,
                fontFamily: palette.fontFamily,
                textBorderWidth: 0,
              },
            })),
          ],
        },
      },
    ],
  };
}

function binTooltip(histogram: Histogram, bin: number): HTMLElement {
  const { from, to, count, share } = binOf(histogram, bin);
  return tooltipBox(`${from} to ${to} bps`, [
    { label: 'Orders', value: count },
    { label: 'Share', value: share },
  ]);
}

export function binOf(histogram: Histogram, bin: number) {
  const count = histogram.counts[bin]!;
  const width = histogram.edges[1]! - histogram.edges[0]!;
  const edge = (value: number) => axisNumber(value, width);
  return {
    from: edge(histogram.edges[bin]!),
    to: edge(histogram.edges[bin + 1]!),
    count: formatCount(count),
    share: `${formatFigure(count / histogram.known, 'percent')} %`,
  };
}
