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
          {option.count !== undefined && <span className="choice-count figures">{option.count}</span>}
        </button>
      ))}
    </fieldset>
  );
}
