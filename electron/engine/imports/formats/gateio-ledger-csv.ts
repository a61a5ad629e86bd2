/**
 * Gate.io's ledger: one line per balance change. An order places what it pays, is "fullfilled" with what it receives, and is charged a
 * fee, once for each of its fills and not in order of time.
 */
import { pairOfSymbol, pairSymbol, symbolOf } from '../../../../shared/market/symbols';
import type { Format, ParsedExecution, RowOutcome } from '../format';
import { isoReader } from '../times';
import { columnIndex, hasColumns, normaliseHeader } from './header';
import { LegGroups, marketOf, refusedLegs } from './legs';
import { execution, otherRow, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const needed = ['time', 'action_desc', 'action_data', 'type', 'change_amount', 'amount', 'total'];
const legWords: ReadonlyMap<string, Leg['part']> = new Map([
  ['order placed', 'paid'],
  ['order fullfilled', 'received'],
  ['order fulfilled', 'received'],
  ['trade fee', 'fee'],
  ['order cancelled', 'cancelled'],
  ['order canceled', 'cancelled'],
]);
const otherWords = /^(?:deposits?|withdraw(?:als?|s)?|transfer.*|airdrop.*|.*rebate|.*interest|.*dividend|.*bonus)$/;

interface Leg {
  readonly part: 'paid' | 'received' | 'fee' | 'cancelled';
  readonly asset: string;
  readonly amount: number;
  readonly atUs: number;
  readonly orderId: string;
}

export const gateioLedgerCsv: Format = {
  id: 'gateio-ledger-csv',
  title: 'Gate.io ledger',
  describes:
    'What an order paid, received and was charged makes a fill each time, its price worked out of the amounts; deposits and transfers are counted. Orders whose lines do not fit together (cancelled in part) go to quarantine. No trade ids, no maker or taker; the zone of the times is not stated.',
  kind: 'executions',
  exampleHeader: 'no,time,action_desc,action_data,type,change_amount,amount,total',
  exampleRows: [
    '-,2021-02-03 04:05:06,Order Fullfilled,9,ETH,0.5,0.5,0',
    '-,2021-02-03 04:05:06,Trade Fee,9,ETH,-0.001,0.499,0',
    '-,2021-02-03 04:05:05,Order Placed,9,USDT,-1000,0,0',
  ],
  reference: { otherRows: ['cancelled order'] },
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, needed)) return null;
    return { confidence: 0.99, reason: "header of Gate.io's ledger with action_desc and change_amount" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context) {
      const header = normaliseHeader(rawHeader);
      const [time, action, order, coin, change] = needed.slice(0, 5).map((name) => columnIndex(header, name)) as [
        ...[number, number, number, number, number], // one index for each name
      ];
      const iso = isoReader(zoneChoice(context, null));
      const named = context.symbol === null ? null : pairOfSymbol(symbolOf(context.symbol));
      const check = new RowCheck();

      const settle = (legs: readonly Leg[]): readonly RowOutcome[] => {
        const { atUs, orderId } = legs[0]!;
        const refuse = (problem: string): readonly RowOutcome[] => {
          check.reset();
          check.refuse(`order ${orderId}: ${problem}`);
          return refusedLegs(legs.length, check.quarantine(null, atUs));
        };
        // Within a second the smallest payment goes with the smallest gain, so that the order of the lines decides nothing.
        const inTime = [...legs].sort(
          (left, right) => left.atUs - right.atUs || Math.abs(left.amount) - Math.abs(right.amount),
        );
        const of = (part: Leg['part']): readonly Leg[] => inTime.filter((leg) => leg.part === part);
        const [paid, received, fees, cancelled] = [of('paid'), of('received'), of('fee'), of('cancelled')];
        if (cancelled.length > 0 && received.length + fees.length === 0)
          return legs.map(() => otherRow('cancelled order'));
        if (cancelled.length > 0) return refuse('it was cancelled in part, so what its fills paid cannot be told');
        if (
          paid.length !== received.length ||
          received.length === 0 ||
          (fees.length > 0 && fees.length !== received.length)
        ) {
          return refuse(
            `${paid.length} lines paid, ${received.length} received and ${fees.length} fees do not make fills`,
          );
        }
        const market = marketOf(paid[0]!.asset, received[0]!.asset, named);
        if (market === null) {
          return refuse(
            `it cannot be told which of ${paid[0]!.asset} and ${received[0]!.asset} is priced in the other; name the pair with --symbol`,
          );
        }
        const fills = received.map((gain, index) => {
          const [spent, fee] = [paid[index]!, fees[index]];
          const isBuy = gain.asset === market.base;
          const quantity = Math.abs(isBuy ? gain.amount : spent.amount);
          return execution({
            venue: 'gateio',
            symbol: pairSymbol(market),
            side: isBuy ? 'buy' : 'sell',
            price: Math.abs(isBuy ? spent.amount : gain.amount) / quantity,
            quantity,
            fee: fee === undefined ? null : 0 - fee.amount,
            feeCurrency: fee?.asset ?? null,
            executedAtUs: gain.atUs,
            orderId,
          });
        });
        const oneAsset = (part: readonly Leg[]): boolean => part.every(({ asset }) => asset === part[0]!.asset);
        if (!oneAsset(paid) || !oneAsset(received)) return refuse('it pays or receives more than one asset');
        if (paid.some(({ amount }) => !(amount < 0)) || received.some(({ amount }) => !(amount > 0))) {
          return refuse('what is placed must be paid and what is fulfilled received');
        }
        const prices = fills.map(({ price }) => price);
        // Fills of one order lie close together; a wrong pairing of its lines does not.
        if (Math.max(...prices) > 1.05 * Math.min(...prices))
          return refuse('its lines do not pair into fills of one price');
        return outcomesOf(legs, received, fills);
      };

      const groups = new LegGroups(settle);
      return ({ cells }) => {
        check.reset();
        const word = check.requiredText('action_desc', cells[action]).toLowerCase();
        if (otherWords.test(word)) return otherRow(word);
        const part = legWords.get(word);
        if (part === undefined) check.refuse(`action_desc is ${quoted(cells[action])}, which is unknown`);
        const leg: Leg = {
          part: part ?? 'cancelled',
          asset: check.requiredText('type', cells[coin]).toUpperCase(),
          amount: check.requiredNumber('change_amount', cells[change]),
          atUs: check.requiredTime('time', cells[time], iso),
          orderId: check.requiredText('action_data', cells[order]),
        };
        return check.problem === null
          ? groups.hold(leg.orderId, leg)
          : groups.refuse(leg.orderId, check.quarantine(null, leg.atUs));
      };
    },
  },
};

/** The line of what was received stands for its fill. */
function outcomesOf(
  legs: readonly Leg[],
  received: readonly Leg[],
  fills: readonly ParsedExecution[],
): readonly RowOutcome[] {
  return legs.map((leg) => {
    const fill = fills[received.indexOf(leg)];
    return fill === undefined ? otherRow('further leg of a fill') : { kind: 'executions', executions: [fill] };
  });
}
