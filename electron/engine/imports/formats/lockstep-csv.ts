/** Lockstep's own CSV: one fill, or one order event, a line, under the names of the printed execution. */
import type { DelimitedRow, Format } from '../format';
import { decimalMarkOf } from '../numbers';
import { columnIndex, missingColumns, normaliseHeader } from './header';
import {
  type LockstepValues,
  lockstepLayout,
  lockstepNames,
  lockstepRowReader,
  missingNames,
  recogniseNames,
} from './lockstep-row';
import { RowCheck } from './row';

const known = new Set(lockstepNames.map((name) => name.toLowerCase()));

export const lockstepCsv: Format = {
  id: 'lockstep-csv',
  title: 'Lockstep CSV',
  describes:
    'One fill or order event a line under the documented names; other columns are ignored and named in a warning.',
  kind: 'executions',
  exampleHeader: 'symbol,side,price,quantity,fee,feeCurrency,liquidity,executedAt,tradeId,orderId,clientOrderId',
  exampleRows: ['BTC/USDT,buy,100,1,0.1,USDT,taker,2026-02-03T04:05:06Z,t-1,o-1,c-1'],
  impliedSource: null,
  recognise: (sample) =>
    sample.kind === 'delimited' ? recogniseNames((name) => sample.header.includes(name.toLowerCase())) : null,
  reader: {
    shape: 'delimited',
    open(rawHeader, context, sample) {
      const header = normaliseHeader(rawHeader);
      const missing = missingNames(
        (name) => header.includes(name.toLowerCase()) || (name === 'symbol' && context.symbol !== null),
      );
      if (missing.length > 0) throw missingColumns('lockstep-csv', missing, header);
      const ignored = header.filter((name) => name !== '' && !known.has(name));
      if (ignored.length > 0) context.warn(`Columns that are not read: ${ignored.join(', ')}.`);
      const read = lockstepRowReader(context, new RowCheck(decimalMarkOf(sample)));
      const at = (name: keyof LockstepValues): number => columnIndex(header, name.toLowerCase());
      const type = at('type');
      const source = at('source');
      const venue = at('venue');
      const strategy = at('strategy');
      const version = at('version');
      const symbol = at('symbol');
      const side = at('side');
      const price = at('price');
      const quantity = at('quantity');
      const fee = at('fee');
      const feeCurrency = at('feeCurrency');
      const liquidity = at('liquidity');
      const executedAtUs = at('executedAtUs');
      const executedAt = at('executedAt');
      const tradeId = at('tradeId');
      const orderId = at('orderId');
      const clientOrderId = at('clientOrderId');
      const decidedAtUs = at('decidedAtUs');
      const decidedAt = at('decidedAt');
      const submittedAtUs = at('submittedAtUs');
      const submittedAt = at('submittedAt');
      const arrivalPrice = at('arrivalPrice');
      const intendedQuantity = at('intendedQuantity');
      const account = at('account');
      const paper = at('paper');
      const kind = at('kind');
      const atUs = at('atUs');
      const atText = at('at');
      const reason = at('reason');
      return ({ cells }: DelimitedRow) =>
        read({
          type: cells[type],
          source: cells[source],
          venue: cells[venue],
          strategy: cells[strategy],
          version: cells[version],
          symbol: cells[symbol],
          side: cells[side],
          price: cells[price],
          quantity: cells[quantity],
          fee: cells[fee],
          feeCurrency: cells[feeCurrency],
          liquidity: cells[liquidity],
          executedAtUs: cells[executedAtUs],
          executedAt: cells[executedAt],
          tradeId: cells[tradeId],
          orderId: cells[orderId],
          clientOrderId: cells[clientOrderId],
          decidedAtUs: cells[decidedAtUs],
          decidedAt: cells[decidedAt],
          submittedAtUs: cells[submittedAtUs],
          submittedAt: cells[submittedAt],
          arrivalPrice: cells[arrivalPrice],
          intendedQuantity: cells[intendedQuantity],
          account: cells[account],
          paper: cells[paper],
          kind: cells[kind],
          atUs: cells[atUs],
          at: cells[atText],
          reason: cells[reason],
        });
    },
    layout(rawHeader, context, sample) {
      return decimalMarkOf(sample) === '.' ? lockstepLayout(normaliseHeader(rawHeader), context) : null;
    },
  },
};
