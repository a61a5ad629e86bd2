import { Scissors, X } from 'lucide-react';
import { useRef, useState } from 'react';
import type { SeenColumn } from '../../../../shared/contract/calls';
import type { CsvMapDraft, MapField, WordKind, WordMeaning } from '../../../../shared/contract/csv-map';
import { wordMeanings } from '../../../../shared/contract/csv-map';
import { Button, IconButton } from '../../../components/Button';
import { SelectField, TextField } from '../../../components/Field';
import {
  fieldWords,
  meaningGroups,
  meaningOf,
  partsOf,
  shownWords,
  withMeaning,
  withoutField,
  withPart,
  withWord,
} from '../../../state/map-draft';

interface Reason {
  readonly field: string;
  readonly column: string;
  readonly reason: string;
}

const looks: Record<SeenColumn['look'], string> = {
  time: 'times',
  number: 'numbers',
  words: 'words',
  text: 'text',
  empty: 'empty',
};

/** Every column of the file with its first values and what it means. */
export function MapColumns({
  draft,
  columns,
  reasons,
  onChange,
}: {
  readonly draft: CsvMapDraft;
  readonly columns: readonly SeenColumn[];
  readonly reasons: readonly Reason[];
  readonly onChange: (draft: CsvMapDraft) => void;
}) {
  return (
    <ol className="map-columns" aria-label="Columns of the file">
      {columns.map((column) => (
        <ColumnRow key={column.name} draft={draft} column={column} reasons={reasons} onChange={onChange} />
      ))}
    </ol>
  );
}

function ColumnRow({
  draft,
  column,
  reasons,
  onChange,
}: {
  readonly draft: CsvMapDraft;
  readonly column: SeenColumn;
  readonly reasons: readonly Reason[];
  readonly onChange: (draft: CsvMapDraft) => void;
}) {
  const [cutting, setCutting] = useState(false);
  // The keyboard passes other meanings on its way to one: what it takes from another column on the way, it gives back.
  const before = useRef(draft);
  const meaning = meaningOf(draft, column.name);
  const parts = partsOf(draft, column.name);
  const why = reasons.find((reason) => reason.field === meaning && reason.column === column.name)?.reason;
  const words = shownWords(draft, column);
  return (
    <li className={meaning === null && parts.length === 0 ? 'map-column map-column-unused' : 'map-column'}>
      <div className="map-column-name">
        <strong title={column.title}>{column.title || column.name}</strong>
        <span className="field-note">
          {column.title !== '' && column.name !== column.title ? `${column.name}, ` : ''}
          {looks[column.look]}
        </span>
      </div>
      <div className="map-column-values">
        {column.values.slice(0, 3).map((value, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the first values of the file, in its order; they never move
          <code key={index} title={value}>
            {value}
          </code>
        ))}
      </div>
      <div className="map-column-meaning">
        <SelectField
          label={`Meaning of ${column.title || column.name}`}
          hideLabel
          value={meaning ?? ''}
          onFocus={() => {
            before.current = draft;
          }}
          onChange={(value) => onChange(withMeaning(before.current, column, value === '' ? null : (value as MapField)))} // values of the options below
          groups={[
            { title: null, options: [{ value: '', title: 'Not used' }] },
            ...meaningGroups(draft.kind).map(({ title, fields }) => ({
              title,
              options: fields.map((field) => ({ value: field, title: optionTitle(draft, field, column.name) })),
            })),
          ]}
          {...(why !== undefined && { note: `Proposed: ${why}` })}
        />
      </div>
      <div className="map-column-tools">
        {!cutting && column.look !== 'number' && column.look !== 'time' && (
          <IconButton
            icon={Scissors}
            label={`Take a part of the text of ${column.title || column.name}`}
            onClick={() => setCutting(true)}
          />
        )}
      </div>
      {words !== null && (
        <Words
          column={column}
          words={words}
          onWord={(text, word) => onChange(withAnyWord(draft, column, words.kind, text, word))}
        />
      )}
      {parts.map(([field, part]) => (
        <p key={field} className="map-part">
          <strong>{fieldWords[field].title}</strong>: what stands after <code>{part.after}</code> until{' '}
          <code>{part.until}</code>
          <IconButton
            icon={X}
            label={`Forget ${fieldWords[field].title}`}
            onClick={() => onChange(withoutField(draft, field))}
          />
        </p>
      ))}
      {cutting && (
        <PartForm
          draft={draft}
          column={column}
          onTake={(field, after, until) => {
            onChange(withPart(draft, field, { column: column.name, after, until }));
            setCutting(false);
          }}
          onLeave={() => setCutting(false)}
        />
      )}
    </li>
  );
}

/** A meaning another column has says so: choosing it takes it from there. */
function optionTitle(draft: CsvMapDraft, field: MapField, column: string): string {
  const { title } = fieldWords[field];
  const spec = draft.columns[field];
  const taken = typeof spec === 'string' ? spec : spec?.column;
  return taken === undefined || taken === column ? title : `${title} (now ${taken})`;
}

function withAnyWord(
  draft: CsvMapDraft,
  column: SeenColumn,
  kind: WordKind,
  text: string,
  meaning: string | null,
): CsvMapDraft {
  // The meaning is one of the options that were offered for this kind.
  return withWord(draft, column, kind, text, meaning as WordMeaning<typeof kind> | null);
}

const meaningTitles: Readonly<Record<string, string>> = {
  submitted: 'submitted, still open',
};

function Words({
  column,
  words: { kind, words },
  onWord,
}: {
  readonly column: SeenColumn;
  readonly words: NonNullable<ReturnType<typeof shownWords>>;
  readonly onWord: (text: string, meaning: string | null) => void;
}) {
  const [adding, setAdding] = useState('');
  const options = [
    { value: '', title: 'not known: to quarantine' },
    ...wordMeanings[kind].map((meaning) => ({ value: meaning, title: meaningTitles[meaning] ?? meaning })),
  ];
  return (
    <fieldset className="map-words">
      <legend className="visually-hidden">Words of {column.title}</legend>
      {words.map(({ text, count, meaning }) => (
        <div key={text} className={meaning === null ? 'map-word map-word-unknown' : 'map-word'}>
          <code title={text}>{text}</code>
          <span className="muted figures">{count === null ? 'added' : `${count}×`}</span>
          <SelectField
            label={`Meaning of the word ${text}`}
            hideLabel
            value={meaning ?? ''}
            onChange={(value) => onWord(text, value === '' ? null : value)}
            groups={[{ title: null, options }]}
          />
        </div>
      ))}
      <form
        className="map-word"
        onSubmit={(event) => {
          event.preventDefault();
          const word = adding.trim();
          if (word === '') return;
          onWord(word, wordMeanings[kind][0]);
          setAdding('');
        }}
      >
        <TextField
          label={`Another word of ${column.title}`}
          value={adding}
          onChange={setAdding}
          placeholder="Word further down"
        />
        <Button type="submit" look="quiet" disabled={adding.trim() === ''}>
          Add
        </Button>
      </form>
    </fieldset>
  );
}

/** A value inside a longer text: `{'order_id': 42}` holds one after `'order_id': ` until `}`. */
function PartForm({
  draft,
  column,
  onTake,
  onLeave,
}: {
  readonly draft: CsvMapDraft;
  readonly column: SeenColumn;
  readonly onTake: (field: MapField, after: string, until: string) => void;
  readonly onLeave: () => void;
}) {
  const [field, setField] = useState<MapField>('orderId');
  const [after, setAfter] = useState('');
  const [until, setUntil] = useState('');
  const example = column.values[0] ?? '';
  const start = after === '' ? -1 : example.indexOf(after);
  const end = start === -1 || until === '' ? -1 : example.indexOf(until, start + after.length);
  const found = end === -1 ? null : example.slice(start + after.length, end);
  return (
    <form
      className="map-part-form"
      aria-label={`A part of ${column.title}`}
      onSubmit={(event) => {
        event.preventDefault();
        onTake(field, after, until);
      }}
    >
      <SelectField
        label="The part is"
        value={field}
        onChange={(value) => setField(value as MapField)} // values of the options below
        groups={meaningGroups(draft.kind).map(({ title, fields }) => ({
          title,
          options: fields
            .filter((one) => one !== 'status')
            .map((one) => ({ value: one, title: fieldWords[one].title })),
        }))}
      />
      <TextField label="Stands after" value={after} onChange={setAfter} placeholder="'order_id': " />
      <TextField label="Ends before" value={until} onChange={setUntil} placeholder="}" />
      <p className="field-note">
        {found === null ? (
          <>
            In <code>{example || 'no value here'}</code>
          </>
        ) : (
          <>
            Gives <code>{found}</code>
          </>
        )}
      </p>
      <Button type="submit" disabled={after === '' || until === ''}>
        Take it
      </Button>
      <Button look="quiet" onClick={onLeave}>
        Leave
      </Button>
    </form>
  );
}
