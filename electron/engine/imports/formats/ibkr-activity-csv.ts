/**
 * Interactive Brokers' activity statement: sections one below the other, the section's name in the first column and what the row is in
 * the second. Each section, and each asset class of the trades, begins with a header of its own.
 */
import type { DelimitedRow, Format, HeldRow, RowOutcome } from '../format';
import { brokerTimeReader, unitsOfContract } from './broker';
import { normaliseHeaderCell } from './header';
import { flexName } from './ibkr-trade';
import { LegGroups } from './legs';
import { execution, otherRow, quoted, RowCheck } from './row';

const sections = new Set([
  ...['statement', 'account information', 'net asset value', 'change in nav', 'mark-to-market performance summary'],
  ...[
    'realized & unrealized performance summary',
    'cash report',
    'open positions',
    'forex balances',
    'fees',
    'interest',
  ],
  ...[
    'dividends',
    'withholding tax',
    'deposits & withdrawals',
    'corporate actions',
    'transfers',
    'change in dividend accruals',
  ],
  ...['financial instrument information', 'codes', 'notes/legal notes', 'interest accruals', 'commission details'],
  ...['month & year to date performance summary', 'total p/l for statement period', 'stock yield enhancement program'],
]);

/** Trades of one instrument: rows of whole orders, and of their single fills where the statement has them. */
interface TradeRow {
  readonly isOrder: boolean;
  readonly outcome: RowOutcome;
}

export const ibkrActivityCsv: Format = {
  id: 'ibkr-activity-csv',
  title: 'Interactive Brokers activity statement (CSV)',
  describes:
    'Rows of the section Trades are fills; where a statement lists the executions of orders as well, the orders are summaries and not counted twice. All other sections, totals and closed lots are counted by name. No ids; quantities are units: contracts as many times as the proceeds say.',
  kind: 'executions',
  exampleHeader: 'Statement,Header,Field Name,Field Value',
  exampleRows: [
    'Account Information,Data,Account,U1',
    'Trades,Header,DataDiscriminator,Asset Category,Currency,Symbol,Date/Time,Quantity,T. Price,C. Price,Proceeds,Comm/Fee,Basis,Realized P/L,MTM P/L,Code',
    'Trades,Data,Order,Stocks,USD,XYZ,"2024-01-15, 09:30:01",100,12.5,12.6,-1250,-1,1251,0,10,O',
    'Trades,SubTotal,,Stocks,USD,XYZ,,100,,,-1250,-1,1251,0,10,',
  ],
  reference: {
    otherRows: [...sections, 'total', 'column names', 'closed lot', 'order beside its executions'],
    times:
      'Date/Time of the section Trades does not state its zone: it is read as UTC, with a warning, unless the zone is named (most accounts are in America/New_York).',
    fees: 'Comm/Fee of the section Trades: negative is paid; in the currency of the trade.',
    rows: 'A row of the section Trades is a fill, or an order filled.',
  },
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || sample.header[0] !== 'statement' || sample.header[1] !== 'header') return null;
    return { confidence: 0.97, reason: 'sections of an activity statement: Statement, Header, Field Name' };
  },
  reader: {
    shape: 'delimited',
    ragged: true,
    open(_, context) {
      const time = brokerTimeReader(context);
      const check = new RowCheck();
      let header: readonly string[] = [];
      let account: string | null = null;
      const instruments = new LegGroups<TradeRow>((rows) => {
        const detailed = rows.some(({ isOrder }) => !isOrder);
        return rows.map(({ isOrder, outcome }) =>
          isOrder && detailed ? otherRow('order beside its executions') : outcome,
        );
      });

      const trade = ({ cells }: DelimitedRow): RowOutcome | HeldRow => {
        check.reset();
        const cell = (...names: readonly string[]): string | undefined => {
          for (const name of names) {
            const index = header.indexOf(name);
            if (index !== -1) return cells[index];
          }
          return undefined;
        };
        if (cells.slice(header.length).some((further) => further.trim() !== ''))
          check.refuse(`the row has ${cells.length} cells where its section's header has ${header.length}`);
        const level = (cell('datadiscriminator') ?? '').toLowerCase();
        if (level === 'closedlot') return otherRow('closed lot');
        if (level !== 'order' && level !== 'trade' && level !== 'execution')
          check.refuse(`DataDiscriminator is ${quoted(cell('datadiscriminator'))}, which is unknown`);
        const name = check.requiredText('Symbol', cell('symbol'));
        const symbol = /^[A-Z]{3}\.[A-Z]{3}$/.test(name) ? name.replace('.', '/') : name;
        const executedAtUs = check.requiredTime('Date/Time', cell('datetime'), time);
        const quantity = check.requiredNumber('Quantity', cell('quantity'));
        if (quantity === 0) check.refuse('Quantity is zero');
        const price = check.positive('T. Price', cell('tprice'));
        const proceeds = check.requiredNumber('Proceeds', cell('proceeds'));
        if (proceeds > 0 === quantity > 0)
          check.refuse('Quantity and Proceeds have one sign, so that it is neither bought nor sold');
        const units = unitsOfContract(price, Math.abs(quantity), proceeds);
        if (Number.isNaN(units))
          check.refuse(
            `Proceeds are ${quoted(cell('proceeds'))}, but price times quantity is ${price * Math.abs(quantity)}`,
          );
        // Trades of currencies state the commission in the currency of the account, which the column's name says.
        const inAccount = header.find((column) => /^commin[a-z]{3}$/.test(column));
        const commission = check.number('Comm/Fee', cell('commfee', inAccount ?? ''));
        const currency = inAccount === undefined ? (cell('currency') ?? null) : inAccount.slice(-3).toUpperCase();
        const fill = execution({
          ...{ venue: 'ibkr', account, symbol, side: quantity > 0 ? 'buy' : 'sell', price, executedAtUs },
          quantity: Math.abs(quantity) * units,
          ...{ fee: commission === null ? null : 0 - commission, feeCurrency: commission === null ? null : currency },
        });
        if (check.problem !== null) return check.quarantine(symbol, executedAtUs);
        return instruments.hold(symbol, {
          isOrder: level === 'order',
          outcome: { kind: 'executions', executions: [fill] },
        });
      };

      return (row) => {
        const [section = '', what = ''] = row.cells.map(normaliseHeaderCell);
        if (section === 'account information' && row.cells[2] === 'Account') account = row.cells[3]?.trim() || null;
        if (section !== 'trades') {
          if (sections.has(section)) return otherRow(section);
          if (/^(?:header|data|total|subtotal|notes)$/.test(what)) return otherRow('other section');
          return {
            kind: 'quarantine',
            reason: `the row belongs to no section: it begins with ${quoted(row.cells[0])}`,
          };
        }
        if (what === 'header') {
          header = row.cells.map(flexName);
          return otherRow('column names');
        }
        if (what === 'subtotal' || what === 'total') return otherRow('total');
        if (what === 'data') return trade(row);
        return { kind: 'quarantine', reason: `the row of Trades is ${quoted(row.cells[1])}, which is unknown` };
      };
    },
  },
};
