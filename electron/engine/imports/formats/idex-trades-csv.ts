/** IDEX trades of 2018: one fill a line, amounts of the token and of ether; the fee is in the token bought, and gas is paid in ether. */
import { pairOfSymbol, symbolOf } from '../../../../shared/market/symbols';
import type { Format } from '../format';
import { isoReader } from '../times';
import { columnIndex, hasColumns, normaliseHeader } from './header';
import { execution, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const needed = ['transactionid', 'date', 'market', 'makerortaker', 'buyorsell', 'tokenamount', 'etheramount', 'fee'];
needed.push('gasfee');

export const idexTradesCsv: Format = {
  id: 'idex-trades-csv',
  title: 'IDEX trades',
  describes:
    'Every line is a fill with transaction id and maker or taker, its price worked out of the two amounts. Fee and gas are stated together in ether, a fee in the token at the price of its fill. No order ids; the zone of the times is not stated.',
  kind: 'executions',
  exampleHeader:
    'transactionId,transactionHash,date,market,makerOrTaker,buyOrSell,tokenAmount,etherAmount,usdValue,fee,gasFee',
  exampleRows: ['7,0xab,2018-02-03 04:05:06,GET/ETH,maker,buy,200,0.5,100,0.2,0.01'],
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, needed)) return null;
    return { confidence: 0.99, reason: "header of IDEX's trades with tokenAmount, etherAmount and gasFee" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context) {
      const header = normaliseHeader(rawHeader);
      const [id, date, market, role, direction, tokens, ethers, fee, gas] = needed.map((name) =>
        columnIndex(header, name),
      ) as [number, number, number, number, number, number, number, number, number]; // one index for each name
      const iso = isoReader(zoneChoice(context, null));
      const check = new RowCheck();
      return ({ cells }) => {
        check.reset();
        const symbol = symbolOf(check.requiredText('market', cells[market]));
        const quote = pairOfSymbol(symbol)?.quote;
        if (quote !== 'ETH') check.refuse(`market is ${quoted(cells[market])}, but must be like GET/ETH`);
        const side = check.side('buyOrSell', cells[direction]);
        const quantity = check.positive('tokenAmount', cells[tokens]);
        const price = check.positive('etherAmount', cells[ethers]) / quantity;
        const [charged, burnt] = [check.number('fee', cells[fee]), check.number('gasFee', cells[gas])];
        const inEther = charged === null ? null : side === 'buy' ? charged * price : charged;
        const paid = inEther === null && burnt === null ? null : (inEther ?? 0) + (burnt ?? 0);
        const fill = execution({
          venue: 'idex',
          symbol,
          side,
          price,
          quantity,
          fee: paid,
          feeCurrency: paid === null ? null : 'ETH',
          liquidity: check.liquidity('makerOrTaker', cells[role]),
          executedAtUs: check.requiredTime('date', cells[date], iso),
          tradeId: check.requiredText('transactionId', cells[id]),
        });
        return check.problem === null
          ? { kind: 'executions', executions: [fill] }
          : check.quarantine(symbol, fill.executedAtUs);
      };
    },
  },
};
