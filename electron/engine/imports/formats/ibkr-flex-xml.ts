/** Interactive Brokers' Flex query as XML: one or several statements; of a trade the attributes the user chose. */
import type { Format } from '../format';
import { flexName, flexOtherRows, flexTradeReader, saidValue } from './ibkr-trade';
import { otherRow } from './row';

/** Elements that only hold others. */
const wrappers = new Set(['FlexQueryResponse', 'FlexStatements', 'FlexStatement']);

const otherElements: ReadonlyMap<string, string> = new Map([
  ['SymbolSummary', 'summary of a symbol'],
  ['AssetSummary', 'summary of an asset class'],
  ['Lot', 'closed lot'],
  ['WashSale', 'wash sale'],
  ['CashTransaction', 'cash transaction'],
  ['CorporateAction', 'corporate action'],
  ['FxTransaction', 'currency translation'],
  ['AccountInformation', 'account information'],
  ['OpenPosition', 'open position'],
  ['Transfer', 'transfer'],
  ['SecurityInfo', 'instrument'],
  ['ConversionRate', 'conversion rate'],
  ['OptionEAE', 'exercise, assignment or expiry'],
  ['TradeConfirm', 'trade confirmation'],
]);

export const ibkrFlexXml: Format = {
  id: 'ibkr-flex-xml',
  title: 'Interactive Brokers Flex query (XML)',
  describes:
    'Trades of all statements are fills; a whole order (Order) counts only where its executions are not in the file; cash, corporate actions, positions, lots and summaries are counted by name. Quantities are units: contracts times their multiplier.',
  kind: 'executions',
  exampleHeader: null,
  exampleRows: [
    '<FlexQueryResponse queryName="trades" type="AF"><FlexStatements count="1"><FlexStatement accountId="U1"><Trades>',
    '<Trade accountId="U1" currency="USD" assetCategory="STK" symbol="XYZ" multiplier="1" tradeID="71" dateTime="20240115;093001" transactionType="ExchTrade" exchange="NYSE" quantity="100" tradePrice="12.5" tradeMoney="1250" taxes="0" ibCommission="-1" ibCommissionCurrency="USD" buySell="BUY" ibOrderID="9" orderReference="a" orderTime="20240115;093000" levelOfDetail="EXECUTION" orderType="LMT" />',
    '</Trades><CashTransactions><CashTransaction accountId="U1" type="Dividends" amount="5" /></CashTransactions></FlexStatement></FlexStatements></FlexQueryResponse>',
  ],
  reference: { otherRows: [...flexOtherRows, ...otherElements.values(), 'other element'] },
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'lines') return null;
    const text = sample.lines.slice(0, 20).join('\n').slice(0, 8_192);
    const root =
      /^\ufeff?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*|<!DOCTYPE[^[>]*(?:\[[^\]]*\]\s*)?>\s*)*<FlexQueryResponse\b/.test(
        text,
      );
    return root ? { confidence: 0.99, reason: 'XML of a Flex query: FlexQueryResponse' } : null;
  },
  reader: {
    shape: 'markup',
    dialect: 'xml',
    open(context) {
      const read = flexTradeReader(context);
      let account: string | undefined;
      return (piece) => {
        if (piece.kind !== 'element') return null;
        const { name, attributes } = piece;
        if (name === 'FlexStatement') account = saidValue(attributes['accountId']);
        if (wrappers.has(name) || Object.keys(attributes).length === 0) return null;
        if (name !== 'Trade' && name !== 'Order') return otherRow(otherElements.get(name) ?? 'other element');
        const values = new Map<string, string>();
        for (const [attribute, value] of Object.entries(attributes)) {
          const said = saidValue(value);
          if (said !== undefined) values.set(flexName(attribute), said);
        }
        if (name === 'Order' && !values.has('levelofdetail')) values.set('levelofdetail', 'order');
        if (account !== undefined && !values.has('accountid')) values.set('accountid', account);
        return read((...names) => {
          for (const wanted of names) {
            const value = values.get(wanted);
            if (value !== undefined) return value;
          }
          return undefined;
        });
      };
    },
  },
};
