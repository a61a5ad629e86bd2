import { useId, useState } from 'react';

/** A labelled text field; `suggestions` makes it a combobox of known values that still takes any other. */
export function TextField({
  label,
  value,
  onChange,
  suggestions,
  placeholder,
  problem,
  note,
  disabled = false,
  onSettle,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** The field was left, or Enter pressed. */
  readonly onSettle?: () => void;
  readonly suggestions?: readonly string[];
  readonly placeholder?: string;
  /** What is wrong with the value; null = nothing. */
  readonly problem?: string | null;
  readonly note?: string;
  readonly disabled?: boolean;
}) {
  const id = useId();
  const below = problem ?? note;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="text"
        value={value}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value)}
        onBlur={onSettle}
        onKeyDown={(event) => event.key === 'Enter' && onSettle?.()}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={problem ? true : undefined}
        aria-describedby={below ? `${id}-below` : undefined}
        {...(suggestions && suggestions.length > 0 && { list: `${id}-list` })}
      />
      {suggestions && suggestions.length > 0 && (
        <datalist id={`${id}-list`}>
          {suggestions.map((suggestion) => (
            <option key={suggestion} value={suggestion} />
          ))}
        </datalist>
      )}
      {below && (
        <span id={`${id}-below`} className={problem ? 'field-problem' : 'field-note'}>
          {below}
        </span>
      )}
    </div>
  );
}

/** A text field whose value counts once it is left or Enter is pressed, because acting on it takes a while. */
export function SettledField({ value, onChange, ...rest }: Omit<Parameters<typeof TextField>[0], 'onSettle'>) {
  const [draft, setDraft] = useState(value);
  const settle = () => draft !== value && onChange(draft);
  return <TextField value={draft} onChange={setDraft} onSettle={settle} {...rest} />;
}

export interface Option {
  readonly value: string;
  readonly title: string;
}

/** A labelled choice of one; grouped where the options are. */
export function SelectField({
  label,
  value,
  onChange,
  groups,
  note,
  problem,
  hideLabel = false,
  disabled = false,
  onFocus,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly groups: readonly { readonly title: string | null; readonly options: readonly Option[] }[];
  readonly note?: string;
  readonly problem?: string | null;
  readonly hideLabel?: boolean;
  readonly disabled?: boolean;
  readonly onFocus?: () => void;
}) {
  const id = useId();
  const below = problem ?? note;
  const options = (group: readonly Option[]) =>
    group.map((option) => (
      <option key={option.value} value={option.value}>
        {option.title}
      </option>
    ));
  return (
    <div className="field">
      <label htmlFor={id} className={hideLabel ? 'visually-hidden' : undefined}>
        {label}
      </label>
      <select
        id={id}
        value={value}
        disabled={disabled}
        onFocus={onFocus}
        onChange={(event) => onChange(event.target.value)}
        aria-invalid={problem ? true : undefined}
        aria-describedby={below ? `${id}-below` : undefined}
      >
        {groups.map((group) =>
          group.title === null ? (
            options(group.options)
          ) : (
            <optgroup key={group.title} label={group.title}>
              {options(group.options)}
            </optgroup>
          ),
        )}
      </select>
      {below && (
        <span id={`${id}-below`} className={problem ? 'field-problem' : 'field-note'}>
          {below}
        </span>
      )}
    </div>
  );
}
