import type { SeenColumn } from '../../../../shared/contract/calls';
import type { CsvMapDraft } from '../../../../shared/contract/csv-map';
import { Choice } from '../../../components/Choice';
import { SelectField, SettledField, TextField } from '../../../components/Field';
import { Panel } from '../../../components/Page';
import type { Card } from '../../../state/import-cards';
import { useImports } from '../../../state/imports';
import { datePattern, timeColumns } from '../../../state/map-draft';

interface OptionsProps {
  readonly draft: CsvMapDraft;
  readonly columns: readonly SeenColumn[];
  readonly card: Card | null;
  readonly onChange: (draft: CsvMapDraft) => void;
}

const zones = Intl.supportedValuesOf('timeZone');

/** How times and fees are written, and what the file does not say. */
export function MapOptions(props: OptionsProps) {
  return (
    <>
      <Times {...props} />
      <Unsaid {...props} />
    </>
  );
}

const epochs = [
  { value: 'epoch-s', title: 'Seconds since 1970' },
  { value: 'epoch-ms', title: 'Milliseconds since 1970' },
  { value: 'epoch-us', title: 'Microseconds since 1970' },
  { value: 'epoch-ns', title: 'Nanoseconds since 1970' },
];

function Times({ draft, columns, onChange }: OptionsProps) {
  const { time } = draft;
  const used = timeColumns(draft, columns);
  const doubtful = used.find(({ dateOrder }) => dateOrder === 'ambiguous') ?? null;
  const example = (doubtful ?? used[0])?.values[0] ?? '';
  const dated = [
    { value: datePattern(example, 'dayFirst'), title: 'Day first: 31/12/2026' },
    { value: datePattern(example, 'monthFirst'), title: 'Month first: 12/31/2026' },
  ];
  const known = ['auto', 'iso', ...epochs.map(({ value }) => value), ...dated.map(({ value }) => value)];
  const isOwn = !known.includes(time.format);
  const naive = used.some((column) => column.naive);
  const set = (next: Partial<CsvMapDraft['time']>) => onChange({ ...draft, time: { ...time, ...next } });
  return (
    <Panel title="Times" aside={example === '' ? undefined : <code>{example}</code>}>
      <div className="map-options">
        <SelectField
          label="Written as"
          value={isOwn ? 'own' : time.format}
          onChange={(value) => set({ format: value === 'own' ? 'YYYY-MM-DD HH:mm:ss' : value })}
          problem={
            doubtful !== null && time.format === 'auto' ? `"${example}": say which comes first, day or month` : null
          }
          groups={[
            { title: null, options: [{ value: 'auto', title: 'As their values tell' }] },
            { title: 'Dates', options: [{ value: 'iso', title: 'Year first: 2026-12-31' }, ...dated] },
            { title: 'Counted', options: epochs },
            { title: 'Other', options: [{ value: 'own', title: 'A pattern of your own…' }] },
          ]}
        />
        {isOwn && (
          <TextField
            label="Pattern"
            value={time.format}
            onChange={(format) => set({ format })}
            note="YYYY YY MMM MM DD HH hh mm ss S A, [ ] around what may be missing"
          />
        )}
        <SettledField
          label="Time zone"
          value={time.zone ?? ''}
          onChange={(zone) => {
            const { zone: _before, ...rest } = time;
            onChange({ ...draft, time: zone.trim() === '' ? rest : { ...rest, zone: zone.trim() } });
          }}
          suggestions={zones}
          placeholder={naive ? 'UTC is assumed' : 'As the times say'}
          note={naive ? 'They do not say their zone: UTC, unless you name it' : 'For times that do not say theirs'}
        />
      </div>
    </Panel>
  );
}

type Constants = CsvMapDraft['constants'];

function Unsaid({ draft, card, onChange }: OptionsProps) {
  const { change } = useImports();
  const { columns, constants } = draft;
  const set = (name: keyof Constants, value: string | number | boolean | undefined) => {
    const rest: Constants = { ...constants };
    delete rest[name];
    onChange({ ...draft, constants: value === undefined ? rest : { ...rest, [name]: value } });
  };
  const text = (name: 'symbol' | 'venue' | 'account' | 'version' | 'feeCurrency', label: string, note: string) =>
    columns[name] === undefined && (
      <TextField
        label={label}
        value={constants[name] ?? ''}
        onChange={(value) => set(name, value.trim() === '' ? undefined : value)}
        note={note}
      />
    );
  const hasFee = columns.fee !== undefined || columns.entryFee !== undefined || columns.exitFee !== undefined;
  return (
    <Panel title="What the file does not say" aside="For every row">
      <div className="map-options">
        {card !== null && columns.symbol === undefined && constants.symbol === undefined && (
          <TextField
            label="Symbol of this file"
            value={card.choices.symbol}
            onChange={(symbol) => change(card.key, { symbol })}
            placeholder="ETH/USDT"
            note="Said again for the next file"
          />
        )}
        {text('symbol', 'Symbol of all such files', 'Kept in the map')}
        {columns.quantity === undefined && (
          <NumberField
            label="Quantity of every row"
            value={constants.quantity}
            onChange={(value) => set('quantity', value)}
          />
        )}
        {draft.kind === 'roundTrips' && columns.quantity === undefined && constants.quantity === undefined && (
          <Check
            label="Work the quantity out: profit divided by the price difference"
            checked={draft.quantityFromProfit}
            onChange={(quantityFromProfit) => onChange({ ...draft, quantityFromProfit })}
          />
        )}
        {text('feeCurrency', 'Fee currency', 'Unknown when empty')}
        {text('venue', 'Venue', 'Exchange or broker')}
        {text('account', 'Account', 'Unknown when empty')}
        {text('version', 'Version', 'Of the strategy')}
        {hasFee && (
          <div className="field">
            <span className="field-label" aria-hidden="true">
              Fees
            </span>
            <Choice
              label="Sign of fees"
              options={[
                { value: 'positivePaid', title: '1.5 is paid' },
                { value: 'negativePaid', title: '−1.5 is paid' },
              ]}
              chosen={draft.feeSign}
              onChoose={(feeSign) => onChange({ ...draft, feeSign })}
            />
          </div>
        )}
        <Check
          label="Paper trading: no real money moved"
          checked={constants.paper === true}
          onChange={(paper) => set('paper', paper ? true : undefined)}
        />
      </div>
    </Panel>
  );
}

function NumberField({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
}) {
  return (
    <SettledField
      label={label}
      value={value === undefined ? '' : String(value)}
      onChange={(text) => onChange(Number(text) > 0 ? Number(text) : undefined)}
      note="Only where no column holds it"
    />
  );
}

function Check({
  label,
  checked,
  onChange,
}: {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}) {
  return (
    <label className="check">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}
