import { formatIsoUs } from '../../shared/base/time';
import type { ExplainOutput } from '../../shared/contract/output';
import { counted, figure, money, moneyDigits, signed, table } from './text';

/** A cause that is less of the sizes of all is in the list alone, so that the answer fits a screen. */
const leastTold = 0.03;

/** Why a day differs, on one screen: verdict first, then the causes by money, then the orders that weigh most in each. */
export function describeExplanation(explained: ExplainOutput): string {
  const { key, currency, capital, causes, gap, gapBps, untold } = explained;
  const when = key.from === key.to ? key.from : `${key.from} to ${key.to}`;
  const digits = moneyDigits(Math.max(Math.abs(gap), ...causes.map((cause) => Math.abs(cause.money))));
  const sizes = causes.reduce((sum, { money: part }) => sum + Math.abs(part), 0);
  const share = (part: number | null) => (part === null ? '' : `${figure(100 * part, 1)} %`);
  const rows = [
    ['cause', currency ?? 'money', 'bps', 'of the gap', 'orders'],
    ...causes.map((cause) => [
      cause.title,
      money(cause.money, digits),
      signed(cause.bps, 2),
      share(cause.shareOfGap),
      cause.orders === 0 ? '' : String(cause.orders),
    ]),
    ['gap', money(gap, digits), signed(gapBps, 2), '', ''],
  ];
  const capitalText =
    capital.value === null ? 'no capital known' : `capital ${money(capital.value)} (${capital.basis})`;
  const sections = [
    explained.sentence,
    `${key.strategy}  ${key.symbol ?? 'portfolio'}  ${when}  ${capitalText}`,
    causes.length === 0
      ? ''
      : table(
          rows.map((row) => ['  ', ...row]),
          [0, 1],
        ),
    causes
      .filter(({ money: part }) => Math.abs(part) >= leastTold * sizes)
      .map((cause) => details(explained, cause, digits))
      .join('\n'),
    untold.length === 0 ? '' : `What cannot be told\n${untold.map((remark) => `  ${remark}`).join('\n')}`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function details(explained: ExplainOutput, cause: ExplainOutput['causes'][number], digits: number): string {
  const orders = explained.orders.filter(({ reason }) => reason === cause.reason);
  const oneSymbol = explained.key.symbol !== null;
  const oneDay = explained.key.from === explained.key.to;
  const rows = orders.map(({ row, symbol, orderId, money: part, liveSource, backtestSource, message }) => {
    const order = row.live ?? row.backtest;
    const atUs = order?.firstFillUs ?? null;
    return [
      '    ',
      ...(oneSymbol ? [] : [symbol]),
      atUs === null
        ? '–'
        : formatIsoUs(atUs)
            .slice(oneDay ? 11 : 0, 23)
            .replace('T', ' '),
      orderId,
      order?.side ?? '',
      money(part, digits),
      placeOf(liveSource),
      placeOf(backtestSource),
      message ?? '',
    ];
  });
  const more = cause.orders > orders.length && orders.length > 0 ? cause.orders - orders.length : 0;
  const lines = [
    `  ${cause.title}. ${cause.sentence}`,
    `    ${cause.next}`,
    ...(rows.length === 0 ? [] : [table(rows, oneSymbol ? [0, 1, 2, 3, 5, 6, 7] : [0, 1, 2, 3, 4, 6, 7, 8])]),
    ...(more === 0 ? [] : [`    and ${counted(more, 'order')} more`]),
  ];
  return lines.join('\n');
}

function placeOf(source: ExplainOutput['orders'][number]['liveSource']): string {
  return source === null ? '–' : `${source.fileName}:${source.line}`;
}
