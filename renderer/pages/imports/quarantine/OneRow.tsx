import { ChevronRight, RotateCw, Undo2, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { Failure } from '../../../../shared/base/errors';
import { call } from '../../../api/engine';
import { Button, IconButton } from '../../../components/Button';
import { TextField } from '../../../components/Field';
import { InlineError } from '../../../components/States';
import { formatCount, formatCountOf } from '../../../format';
import type { QuarantinedRow, Retried } from '../../../state/quarantine';

/** One row with the reason beside its text: corrected and read again, dismissed, or opened again. */
export function OneRow({
  row,
  onNext,
  onClose,
}: {
  readonly row: QuarantinedRow;
  readonly onNext: () => void;
  readonly onClose: () => void;
}) {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(row.text);
  const [why, setWhy] = useState('');
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<Retried | null>(null);
  const [refused, setRefused] = useState<Failure | null>(null);
  const fixed = result?.state === 'fixed';
  const reason = result?.reason ?? row.reason;
  useEffect(() => field.current?.focus(), []);

  async function retry(): Promise<void> {
    setBusy(true);
    const answer = await call('imports.retry', { rows: [{ id: row.id, text }] });
    setBusy(false);
    setRefused(answer.ok ? null : answer.error);
    if (answer.ok) setResult(answer.value.results[0] ?? null);
  }

  async function change(what: 'dismiss' | 'reopen'): Promise<void> {
    setBusy(true);
    const answer =
      what === 'dismiss'
        ? await call('imports.dismiss', { ids: [row.id], reason: why.trim() })
        : await call('imports.reopen', { ids: [row.id] });
    setBusy(false);
    setRefused(answer.ok ? null : answer.error);
    if (answer.ok) onNext();
  }

  function keys(event: KeyboardEvent): void {
    if (event.key === 'Escape') onClose();
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (fixed) onNext();
      else if (row.state === 'open' && !busy) void retry();
    }
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: shortcuts of the fields inside; each has a button beside it
    <div className="quarantine-one" onKeyDown={keys}>
      <header>
        <h3>
          Line <span className="figures">{formatCount(row.line)}</span> of {row.fileName}
        </h3>
        {row.symbol !== null && <span className="muted">{row.symbol}</span>}
        {row.day !== null && <span className="muted figures">{row.day}</span>}
        <IconButton icon={X} label="Close the row" onClick={onClose} />
      </header>
      <p role="status" className={fixed ? 'mark-pass' : 'mark-warn'}>
        {fixed ? `Fixed: ${became(result)}` : row.state === 'open' ? reason : (row.note ?? reason)}
      </p>
      {refused !== null && <InlineError error={refused} />}
      <label htmlFor={id} className="visually-hidden">
        Text of the row
      </label>
      <textarea
        id={id}
        ref={field}
        value={text}
        rows={Math.min(6, Math.ceil(text.length / 120) + 1)}
        readOnly={row.state !== 'open' || fixed}
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
      />
      <footer>
        {row.state === 'open' && !fixed && (
          <>
            <TextField label="Reason for dismissing it" value={why} onChange={setWhy} placeholder="A test order" />
            <Button disabled={why.trim() === '' || busy} onClick={() => void change('dismiss')}>
              Dismiss
            </Button>
            <span className="quarantine-keys muted">
              <kbd>Ctrl</kbd> <kbd>Enter</kbd> reads it again
            </span>
            {text !== row.text && (
              <Button look="quiet" icon={Undo2} onClick={() => setText(row.text)}>
                As in the file
              </Button>
            )}
            <Button look="primary" icon={RotateCw} busy={busy} onClick={() => void retry()}>
              Read it again
            </Button>
          </>
        )}
        {row.state === 'dismissed' && (
          <Button icon={RotateCw} busy={busy} onClick={() => void change('reopen')}>
            Open it again
          </Button>
        )}
        <Button icon={ChevronRight} look={fixed ? 'primary' : 'quiet'} onClick={onNext}>
          Next row
        </Button>
      </footer>
    </div>
  );
}

function became({ executions }: Retried): string {
  return executions === 0
    ? 'it holds no new execution (a duplicate, an order event, or no trade).'
    : `${formatCountOf(executions, 'execution')} stored.`;
}
