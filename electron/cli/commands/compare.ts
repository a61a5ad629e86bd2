import { FailureError } from '../../../shared/base/errors';
import { formatFigure, formatFigureWithUnit, formatMoney } from '../../../shared/base/format';
import { type Comparison, comparedFigureWords, componentTitle } from '../../../shared/parity/comparison';
import type { Desk } from '../../engine/desk';
import type { ComparedSelection } from '../../engine/reports/report-service';
import type { Session } from '../session';
import { exitCode, usageFailure } from '../terminal';
import { table } from '../text';
import { rangeOf } from './report';

export interface CompareOptions {
  readonly strategy?: string;
  readonly symbol?: string;
  readonly day?: string;
  readonly from?: string;
  readonly to?: string;
  readonly ofVersion?: string;
  readonly withStrategy?: string;
  readonly withSymbol?: string;
  readonly withDay?: string;
  readonly withFrom?: string;
  readonly withTo?: string;
  readonly withVersion?: string;
}

/** Two reports beside each other. What is not said of the second is as of the first. */
export async function compare(session: Session, options: CompareOptions): Promise<number> {
  const { terminal, json } = session;
  const { strategy } = options;
  if (strategy === undefined) {
    throw new FailureError(usageFailure('The strategy is missing.', 'Name it with --strategy.'));
  }
  return session.withDesk('existing', async (desk) => {
    const { symbol, day, from, to, ofVersion, withDay, withFrom, withTo } = options;
    const first = await selectionOf(desk, { strategy, symbol, day, from, to }, ofVersion);
    const otherDays = [withDay, withFrom, withTo].some((text) => text !== undefined);
    const second = await selectionOf(
      desk,
      {
        strategy: options.withStrategy ?? strategy,
        symbol: options.withSymbol ?? symbol,
        // The first one's days as they were found, so that both look at the same ones.
        ...(otherDays ? { day: withDay, from: withFrom, to: withTo } : { from: first.from, to: first.to }),
      },
      options.withVersion ?? ofVersion,
    );
    const comparison = await desk.reports.compare(first, second);
    terminal.out(json ? `${JSON.stringify(comparison)}\n` : describeComparison(comparison));
    return exitCode.done;
  });
}

async function selectionOf(
  desk: Desk,
  asked: Record<'symbol', string | undefined> & {
    readonly strategy: string;
    readonly day?: string | undefined;
    readonly from?: string | undefined;
    readonly to?: string | undefined;
  },
  version: string | undefined,
): Promise<ComparedSelection> {
  const { strategy, symbol, day, from, to } = asked;
  const range = await rangeOf(desk, {
    strategy,
    ...(symbol !== undefined && { symbol }),
    ...(day !== undefined && { day }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  });
  return { strategy, symbol: symbol ?? null, ...range, revision: null, version: version ?? null };
}

/** Causes that are listed; the document has all. */
const mostCauses = 6;

function describeComparison({ a, b, figures, attribution, causes, rule, cautions }: Comparison): string {
  const name = (side: Comparison['a']) =>
    [
      side.status,
      side.strategy,
      ...(side.version === null ? [] : [`version ${side.version}`]),
      side.symbol ?? 'portfolio',
      side.from === side.to ? side.from : `${side.from} to ${side.to}`,
    ].join('  ');
  const between = (interval: Comparison['figures'][number]['aInterval'], signed: boolean) =>
    interval === null
      ? ''
      : ` (${formatFigure(interval.lower, 'bps', { signed })} to ${formatFigure(interval.upper, 'bps', { signed })})`;
  const rows = figures.map(({ figure, a: first, b: second, difference, aInterval, bInterval, beyond }) => {
    const { title, unit, signed } = comparedFigureWords[figure];
    const text = (value: number | null, plus = signed) =>
      unit === 'money' ? formatMoney(value, null, { signed: plus }) : formatFigure(value, unit, { signed: plus });
    const verdict = beyond === null ? '' : beyond ? 'beyond the intervals' : 'within the intervals';
    return [
      '  ',
      title,
      `${text(first)}${between(aInterval, signed)}`,
      `${text(second)}${between(bInterval, signed)}`,
      text(difference, true),
      verdict,
    ];
  });
  const money = (value: number | null) => formatMoney(value, null, { signed: true });
  const bps = (value: number | null) => formatFigure(value, 'bps', { signed: true });
  const share = (value: number | null) => (value === null ? '' : formatFigureWithUnit(value, 'percent'));
  const parts = attribution.map((part) => [
    '  ',
    componentTitle(part.component),
    money(part.a),
    money(part.b),
    money(part.difference),
    `${bps(part.aBps)} and ${bps(part.bBps)} bps`,
  ]);
  return [
    `A  ${name(a)}\nB  ${name(b)}`,
    table([['  ', '', 'A', 'B', 'B − A', ''], ...rows], [0, 1, 5]),
    `Where the gap comes from\n${table([['  ', '', 'A', 'B', 'B − A', 'of capital'], ...parts], [0, 1])}`,
    ...(causes === null || causes.length === 0
      ? []
      : [
          `Why they differ from their backtests\n${table(
            [
              ['  ', '', 'A', '', 'B', '', 'B − A'],
              ...causes
                .slice(0, mostCauses)
                .map((cause) => [
                  '  ',
                  cause.title,
                  money(cause.a),
                  share(cause.aShare),
                  money(cause.b),
                  share(cause.bShare),
                  money(cause.difference),
                ]),
            ],
            [0, 1],
          )}${causes.length > mostCauses ? `\n  and ${causes.length - mostCauses} smaller ones` : ''}`,
        ]),
    ...(cautions.length === 0 ? [] : [cautions.map((caution) => `  ! ${caution}`).join('\n')]),
    rule,
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n');
}
