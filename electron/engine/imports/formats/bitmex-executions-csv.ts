/**
 * BitMEX's executions as its page exports them, times of the browser. Quantities are contracts and costs the smallest unit of the
 * settlement currency, which the file does not name: cost, quantity and price together tell what kind of contract it is.
 */
import type { OrderEventKind } from '../../../../shared/market/executions';
import type { DelimitedSample, Format, ReadContext } from '../format';
import { patternReader, type TimeReader } from '../times';
import { bitmexSymbol } from './bitmex-executions';
import { columnTimeReader } from './columns';
import { columnIndex, hasColumns, normaliseHeader } from './header';
import { execution, orderEvent, otherRow, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const needed = ['transacttime', 'symbol', 'exectype', 'side', 'lastqty', 'lastpx', 'execcost', 'execcomm'];

const eventKinds: ReadonlyMap<string, OrderEventKind> = new Map<string, OrderEventKind>([
  ['new', 'submitted'],
  ['canceled', 'cancelled'],
  ['rejected', 'rejected'],
  ['expired', 'expired'],
]);
const otherTypes =
  /^(?:funding|settlement|replaced|restated|suspended|released|calculated|insurance|triggered|triggeredoractivatedbysystem|liquidation|bankruptcy)$/;

const satoshi = 1e8;
const microTether = 1e6;

/** What a fill was in base units and in money. */
interface Contract {
  readonly symbol: string;
  readonly quantity: number;
  readonly feeCurrency: string;
  readonly feeUnit: number;
}

export const bitmexExecutionsCsv: Format = {
  id: 'bitmex-executions-csv',
  title: 'BitMEX executions (web page)',
  describes:
    'Executions of the type Trade are fills in base units, worked out of their cost: contracts settled in bitcoin keep their names, those in Tether are pairs. New, cancelled and rejected orders are order events; funding and settlement are counted. Contracts whose multiplier the file does not tell go to quarantine. Order ids, no trade ids; times are of the browser that exported.',
  kind: 'executions',
  exampleHeader:
    '"transactTime","symbol","execType","side","lastQty","lastPx","execCost","commission","execComm","ordType","orderQty","leavesQty","price","text","orderID"',
  exampleRows: [
    '"3/14/2021, 6:05:06 PM","XBTUSD","Trade","Sell","500","50000","1000000","0.00075","750","Limit","1000","500","50000","","o1"',
    '"3/14/2021, 6:00:00 PM","XBTUSD","Rejected","Buy","","","","","","Limit","100","0","49000","Account has no funds","o2"',
    '"3/14/2021, 4:00:00 PM","XBTUSD","Funding","","500","50000","1000000","0.0001","100","Limit","500","0","50000","Funding",""',
  ],
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, needed)) return null;
    return { confidence: 0.99, reason: "header of BitMEX's executions with execCost and execComm" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context, sample) {
      const header = normaliseHeader(rawHeader);
      const at = (name: string): number => columnIndex(header, name);
      const [transactTime, symbolAt, execType, side] = [at('transacttime'), at('symbol'), at('exectype'), at('side')];
      const [lastQty, lastPx, execCost, execComm] = [at('lastqty'), at('lastpx'), at('execcost'), at('execcomm')];
      const [price, text, orderId, orderQty] = [at('price'), at('text'), at('orderid'), at('orderqty')];
      const time = browserTimeReader(transactTime, sample, context);
      const check = new RowCheck();
      return ({ cells }) => {
        check.reset();
        const atUs = check.requiredTime('transactTime', cells[transactTime], time);
        const name = check.requiredText('symbol', cells[symbolAt]);
        const type = check.requiredText('execType', cells[execType]).toLowerCase();
        const order = { venue: 'bitmex', orderId: check.text('orderID', cells[orderId]) };
        if (type === 'trade') {
          const bought = check.side('side', cells[side]);
          const last = check.positive('lastPx', cells[lastPx]);
          const contracts = check.positive('lastQty', cells[lastQty]);
          const cost = Math.abs(check.requiredNumber('execCost', cells[execCost]));
          const contract = check.problem === null ? contractOf(name, contracts, last, cost) : null;
          if (contract === null) {
            check.refuse(
              `execCost is ${quoted(cells[execCost])}, which is neither the worth of ${contracts} USD nor of ${contracts} coins at ${last}: how much one contract is, is not in the file`,
            );
          }
          const fee = check.number('execComm', cells[execComm]);
          const asked = check.number('orderQty', cells[orderQty]);
          if (check.problem !== null || contract === null) return check.quarantine(name, atUs);
          const isLinear = contract.symbol.includes('/');
          const fill = execution({
            ...order,
            symbol: contract.symbol,
            side: bought,
            price: last,
            quantity: contract.quantity,
            fee: fee === null ? null : fee / contract.feeUnit,
            feeCurrency: fee === null ? null : contract.feeCurrency,
            executedAtUs: atUs,
            intendedQuantity: isLinear && asked !== null && asked > 0 ? (asked / contracts) * contract.quantity : null,
          });
          return { kind: 'executions', executions: [fill] };
        }
        const kind = eventKinds.get(type);
        if (kind === undefined && !otherTypes.test(type))
          check.refuse(`execType is ${quoted(cells[execType])}, which is unknown`);
        const symbol = isTether(name) ? bitmexSymbol(name, 'USDt') : name;
        const limit = check.number('price', cells[price]);
        const bought = check.text('side', cells[side]) === null ? null : check.side('side', cells[side]);
        if (check.problem !== null) return check.quarantine(symbol, atUs);
        if (kind === undefined) return otherRow(`execution ${cells[execType]?.trim()}`);
        const event = orderEvent({
          ...{ ...order, symbol, side: bought, kind, atUs, price: limit !== null && limit > 0 ? limit : null },
          reason: kind === 'rejected' ? check.text('text', cells[text]) : null,
        });
        return { kind: 'orderEvents', orderEvents: [event] };
      };
    },
  },
};

const isTether = (name: string): boolean => name.toUpperCase().endsWith('USDT');

/** What the contract is, told by what it cost; null = neither of the kinds whose quantity follows from that. */
function contractOf(name: string, contracts: number, price: number, cost: number): Contract | null {
  // Costs in Tether are counted in millionths, whatever one contract is.
  if (isTether(name)) {
    const quantity = cost / microTether / price;
    return { symbol: bitmexSymbol(name, 'USDt'), quantity, feeCurrency: 'USDT', feeUnit: microTether };
  }
  const [inverse, linear] = [(contracts / price) * satoshi, contracts * price * satoshi];
  const settled = { symbol: name, feeCurrency: 'BTC', feeUnit: satoshi };
  // Costs are whole satoshi.
  if (Math.abs(cost - inverse) <= 1 + 1e-4 * inverse) return { ...settled, quantity: cost / satoshi };
  if (Math.abs(cost - linear) <= 1 + 1e-4 * linear) return { ...settled, quantity: contracts };
  return null;
}

/** Browsers write times in the order of the user's country; only the American way has capital AM and PM. */
function browserTimeReader(column: number, sample: DelimitedSample, context: ReadContext): TimeReader {
  const choice = zoneChoice(context, null);
  const texts = sample.rows.flatMap((cells) => cells[column]?.trim() || []);
  const american = texts.length > 0 && texts.every((text) => /^\d{1,2}\/\d{1,2}\/\d{4}, .*\b[AP]M$/.test(text));
  const reader = american ? patternReader('M/D/YYYY, h:mm:ss A', choice) : null;
  return reader ?? columnTimeReader('transactTime', column, sample, choice);
}
