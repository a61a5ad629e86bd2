import { CircleHelp, TriangleAlert } from 'lucide-react';
import type { ImportQuestion, ZoneAssumed } from '../../../shared/contract/calls';
import { Button } from '../../components/Button';
import { SettledField } from '../../components/Field';
import { type Card, type Choices, questionsOf } from '../../state/import-cards';
import { useImports } from '../../state/imports';

export const dateOrders = [
  { value: 'dmy', title: 'Day first: 31/12' },
  { value: 'mdy', title: 'Month first: 12/31' },
] as const;

/** What the content leaves open, each with its answers and what speaks for them. Nothing is decided in silence. */
export function Questions({ card }: { readonly card: Card }) {
  const { change } = useImports();
  const questions = questionsOf(card);
  if (questions.length === 0) return null;
  return (
    <ul className="questions" aria-label={`Questions about ${card.name}`}>
      {questions.map((question) => (
        <Question
          key={question.field}
          question={question}
          onAnswer={(value) => change(card.key, answer(question, value))}
        />
      ))}
    </ul>
  );
}

function answer({ field }: ImportQuestion, value: string): Partial<Choices> {
  if (field === 'dateOrder') return { dateOrder: value === 'mdy' ? 'mdy' : 'dmy' };
  return { [field]: value };
}

const ownAnswers: Partial<Record<ImportQuestion['field'], { readonly label: string; readonly placeholder: string }>> = {
  zone: { label: 'Another zone', placeholder: 'Europe/Berlin or +05:30' },
  symbol: { label: 'Another symbol', placeholder: 'ETH/USDT' },
  lotSize: { label: 'Units of a lot', placeholder: '100000, or XAUUSD=100,US30=1' },
};

function Question({
  question: { field, message, assumed, options },
  onAnswer,
}: {
  readonly question: ImportQuestion;
  readonly onAnswer: (value: string) => void;
}) {
  const own = ownAnswers[field];
  const Icon = assumed === null ? CircleHelp : TriangleAlert;
  return (
    <li className={assumed === null ? 'question question-open' : 'question'}>
      <p>
        <Icon className="mark mark-warn" size={15} aria-hidden="true" />
        <span>
          <strong>{message}</strong>{' '}
          <span className="muted">
            {assumed === null
              ? 'It is not imported before you say.'
              : `Taken as ${titleOf(field, assumed)} until you say otherwise.`}
          </span>
        </span>
      </p>
      <div className="question-answers">
        {options.map(({ value, reason }) => (
          <div key={value} className="question-answer">
            <Button onClick={() => onAnswer(value)}>{titleOf(field, value)}</Button>
            <span className="field-note">{reason}</span>
          </div>
        ))}
        {own !== undefined && (
          <SettledField
            label={own.label}
            value=""
            placeholder={own.placeholder}
            onChange={(value) => value.trim() !== '' && onAnswer(value.trim())}
          />
        )}
      </div>
    </li>
  );
}

function titleOf(field: ImportQuestion['field'], value: string): string {
  return field === 'dateOrder' ? (dateOrders.find((order) => order.value === value)?.title ?? value) : value;
}

/** Says that times were read in a zone nobody named, and why in this one. */
export function AssumedZone({ assumed: { zone, reason } }: { readonly assumed: ZoneAssumed }) {
  return (
    <span className="assumed-zone">
      <TriangleAlert className="mark mark-warn" size={14} aria-hidden="true" />
      <span>
        Zone assumed: <strong>{zone}</strong>. <span className="muted">{reason}</span>
      </span>
    </span>
  );
}
