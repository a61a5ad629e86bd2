import { createContext, useContext, useEffect, useState } from 'react';
import { SelectField, TextField } from '../../components/Field';
import { type Problem, problemAt, valueAt } from './draft';

/** Fields of a draft, each bound to its path: what is typed goes there, what is wrong there stands below it. */

interface DraftForm {
  readonly draft: unknown;
  readonly problems: readonly Problem[];
  readonly change: (path: string, value: unknown) => void;
  /** Fields tell where they are, so that problems elsewhere can be listed. */
  readonly fields: Set<string>;
}

const FormContext = createContext<DraftForm | null>(null);
export const DraftFormProvider = FormContext.Provider;

export function useDraft(): DraftForm {
  const form = useContext(FormContext);
  if (form === null) throw new Error('a draft field stands outside of its form');
  return form;
}

interface FieldProps {
  readonly path: string;
  readonly label: string;
  readonly note?: string;
  readonly placeholder?: string;
}

/** Text; `empty` null = an empty field is null in the draft. */
export function DraftText({
  path,
  label,
  note,
  placeholder,
  nullable = false,
}: FieldProps & { readonly nullable?: boolean }) {
  const { draft, problems, change, fields } = useDraft();
  fields.add(path);
  const value = valueAt(draft, path);
  return (
    <TextField
      label={label}
      value={typeof value === 'string' ? value : ''}
      onChange={(text) => change(path, nullable && text === '' ? null : text)}
      problem={problemAt(problems, path)}
      {...(note !== undefined && { note })}
      {...(placeholder !== undefined && { placeholder })}
    />
  );
}

/** A number as it is typed; what is none goes into the draft as the text it is, and is told by the check. */
export function DraftNumber({ path, label, note }: FieldProps) {
  const { draft, problems, change, fields } = useDraft();
  fields.add(path);
  const value = valueAt(draft, path);
  const shown = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  const [text, setText] = useState(shown);
  useEffect(() => {
    setText((typed) => (parsed(typed) === value ? typed : shown));
  }, [shown, value]);
  return (
    <TextField
      label={label}
      value={text}
      onChange={(typed) => {
        setText(typed);
        change(path, parsed(typed));
      }}
      problem={problemAt(problems, path)}
      {...(note !== undefined && { note })}
    />
  );
}

function parsed(text: string): number | string {
  const number = Number(text);
  return text.trim() === '' || !Number.isFinite(number) ? text : number;
}

/** One of a few values; they may be true and false. */
export function DraftChoice({
  path,
  label,
  note,
  options,
}: FieldProps & { readonly options: readonly { readonly value: string | boolean; readonly title: string }[] }) {
  const { draft, problems, change, fields } = useDraft();
  fields.add(path);
  const value = valueAt(draft, path);
  return (
    <SelectField
      label={label}
      value={String(value)}
      onChange={(chosen) => change(path, options.find((option) => String(option.value) === chosen)?.value ?? chosen)}
      groups={[
        { title: null, options: options.map((option) => ({ value: String(option.value), title: option.title })) },
      ]}
      problem={problemAt(problems, path)}
      {...(note !== undefined && { note })}
    />
  );
}

/** A list of words, separated by commas or blanks. */
export function DraftWords({
  path,
  label,
  note,
  placeholder,
  separator = /[\s,]+/,
}: FieldProps & { readonly separator?: RegExp }) {
  const { draft, problems, change, fields } = useDraft();
  fields.add(path);
  const value = valueAt(draft, path);
  const words = Array.isArray(value) ? value.map(String) : [];
  const [text, setText] = useState(words.join(' '));
  const joined = words.join('\n');
  useEffect(() => {
    setText((typed) => (split(typed, separator).join('\n') === joined ? typed : joined.replaceAll('\n', ' ')));
  }, [joined, separator]);
  const problem = problems.find((one) => one.path === path || one.path.startsWith(`${path}.`))?.message ?? null;
  return (
    <TextField
      label={label}
      value={text}
      onChange={(typed) => {
        setText(typed);
        change(path, split(typed, separator));
      }}
      problem={problem}
      {...(note !== undefined && { note })}
      {...(placeholder !== undefined && { placeholder })}
    />
  );
}

function split(text: string, separator: RegExp): string[] {
  return text.split(separator).filter((word) => word !== '');
}
