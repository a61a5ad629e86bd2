import { Tabs as Radix } from 'radix-ui';

export interface Tab {
  readonly id: string;
  readonly title: string;
  /** Shown beside the title, for example how many rows the tab holds. */
  readonly count?: string | undefined;
  readonly content: React.ReactNode;
}

/** Tabs driven by the caller, so that the chosen one can live in the address. */
export function Tabs({
  label,
  tabs,
  chosen,
  onChoose,
}: {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}) {
  return (
    <Radix.Root className="tabs" value={chosen} onValueChange={onChoose}>
      <Radix.List className="tabs-list" aria-label={label}>
        {tabs.map((tab) => (
          <Radix.Trigger key={tab.id} className="tab" value={tab.id}>
            {tab.title}
            {tab.count !== undefined && <span className="tab-count figures">{tab.count}</span>}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content key={tab.id} className="tab-content" value={tab.id} tabIndex={-1}>
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}

/** A short choice that changes what is shown at once (all, matched, missed, extra). */
export function Choice<Value extends string>({
  label,
  options,
  chosen,
  onChoose,
}: {
  readonly label: string;
  readonly options: readonly { readonly value: Value; readonly title: string; readonly count?: string | undefined }[];
  readonly chosen: Value | null;
  readonly onChoose: (value: Value) => void;
}) {
  return (
    <fieldset className="choice">
      <legend className="visually-hidden">{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          className="choice-option"
          aria-pressed={option.value === chosen}
          onClick={() => onChoose(option.value)}
        >
          {option.title}
          {option.count !== undefined && <span className="tab-count figures">{option.count}</span>}
        </button>
      ))}
    </fieldset>
  );
}
