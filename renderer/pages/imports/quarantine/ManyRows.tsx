import { RotateCw } from 'lucide-react';
import { useState } from 'react';
import type { Failure } from '../../../../shared/base/errors';
import { call } from '../../../api/engine';
import { Button } from '../../../components/Button';
import { TextField } from '../../../components/Field';
import { ProgressBar } from '../../../components/Progress';
import { InlineError } from '../../../components/States';
import { formatCount, formatCountOf } from '../../../format';
import {
  changedRows,
  type QuarantinedRow,
  type Replacement,
  type Retried,
  type RetrySum,
  sumOfRetries,
} from '../../../state/quarantine';

/** Rows handled in one question; the engine takes up to a thousand. */
const ROWS_AT_ONCE = 500;

/** All open rows of the chosen cause: corrected by one replacement and read again, read again as they are, or dismissed. */
export function ManyRows({
  importId,
  cause,
  count,
  first,
  onDone,
}: {
  readonly importId: string | null;
  readonly cause: string | null;
  readonly count: number;
  /** The first of them, to show what a replacement does. */
  readonly first: readonly QuarantinedRow[];
  readonly onDone: () => void;
}) {
  const [replacement, setReplacement] = useState<Replacement>({ find: '', replaceBy: '' });
  const [why, setWhy] = useState('');
  const [share, setShare] = useState<number | null>(null);
  const [sum, setSum] = useState<RetrySum | null>(null);
  const [told, setTold] = useState<string | null>(null);
  const [refused, setRefused] = useState<Failure | null>(null);
  const busy = share !== null;
  const changes = changedRows(first, replacement);
  const [example] = changes;

  /** Every open row of the cause, taken before the first is changed, so that none is met twice. */
  async function takeAll(): Promise<readonly QuarantinedRow[] | null> {
    const rows: QuarantinedRow[] = [];
    for (let offset = 0; offset < count; offset += ROWS_AT_ONCE) {
      const page = { offset, limit: ROWS_AT_ONCE };
      const answer = await call('imports.quarantine', { importId, state: 'open', cause, page });
      if (!answer.ok) {
        setRefused(answer.error);
        return null;
      }
      rows.push(...answer.value.rows);
      if (answer.value.rows.length === 0) break;
    }
    return rows;
  }

  /** Hands the rows on in portions; stops at the first that is refused, and what was done before stays done. */
  async function inPortions<Row>(
    rows: readonly Row[],
    each: (some: readonly Row[]) => Promise<Failure | null>,
  ): Promise<void> {
    for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
      setShare(at / rows.length);
      const failed = await each(rows.slice(at, at + ROWS_AT_ONCE));
      if (failed !== null) {
        setRefused(failed);
        return;
      }
    }
  }

  async function work(each: (rows: readonly QuarantinedRow[]) => Promise<void>): Promise<void> {
    setShare(0);
    setRefused(null);
    setSum(null);
    setTold(null);
    onDone();
    const rows = await takeAll();
    if (rows !== null) await each(rows);
    setShare(null);
  }

  const retry = () =>
    work(async (rows) => {
      const corrected =
        replacement.find === '' ? rows.map(({ id, text }) => ({ id, text })) : changedRows(rows, replacement);
      const results: Retried[] = [];
      await inPortions(corrected, async (some) => {
        const answer = await call('imports.retry', { rows: [...some] });
        if (!answer.ok) return answer.error;
        results.push(...answer.value.results);
        return null;
      });
      setSum(sumOfRetries(results));
    });

  const dismiss = () =>
    work(async (rows) => {
      let done = 0;
      await inPortions(rows, async (some) => {
        const answer = await call('imports.dismiss', { ids: some.map(({ id }) => id), reason: why.trim() });
        if (!answer.ok) return answer.error;
        done += some.length;
        return null;
      });
      setTold(`${formatCountOf(done, 'row')} dismissed.`);
      setWhy('');
    });

  const idle = count > 0 && !busy;
  const which = cause === null ? `all ${formatCountOf(count, 'open row')}` : formatCountOf(count, 'row');
  return (
    <section className="quarantine-many" aria-label="Rows of this cause together">
      <div className="quarantine-many-fields">
        <TextField
          label={`Replace in ${which}`}
          value={replacement.find}
          onChange={(find) => setReplacement({ ...replacement, find })}
          placeholder="Text to find"
        />
        <TextField
          label="By"
          value={replacement.replaceBy}
          onChange={(replaceBy) => setReplacement({ ...replacement, replaceBy })}
          placeholder="Nothing"
        />
        <Button
          icon={RotateCw}
          busy={busy}
          disabled={count === 0 || (replacement.find !== '' && changes.length === 0 && count <= first.length)}
          onClick={() => void retry()}
        >
          {replacement.find === '' ? 'Read all again' : 'Replace and read again'}
        </Button>
        <TextField label={`Dismiss ${which} because`} value={why} onChange={setWhy} placeholder="Test orders" />
        <Button disabled={why.trim() === '' || !idle} onClick={() => void dismiss()}>
          Dismiss all
        </Button>
      </div>
      {replacement.find !== '' && count > 0 && (
        <p className="field-note">
          {changes.length === 0 ? (
            `None of the first ${formatCount(first.length)} holds this text.`
          ) : (
            <>
              Changes {formatCount(changes.length)} of the first {formatCount(first.length)}:{' '}
              <code>{example?.text}</code>
            </>
          )}
        </p>
      )}
      {busy && <ProgressBar label="Reading the rows again" share={share} />}
      {refused !== null && <InlineError error={refused} />}
      <div role="status">
        {sum !== null && (
          <p>
            <span className="mark-pass">
              {formatCountOf(sum.fixed, 'row')} fixed, {formatCountOf(sum.executions, 'execution')} stored.
            </span>{' '}
            {sum.open > 0 && (
              <span className="mark-warn">
                {formatCount(sum.open)} still open:{' '}
                {sum.reasons.map(({ reason, rows }) => `${reason} (${formatCount(rows)})`).join('; ')}
              </span>
            )}
          </p>
        )}
        {told !== null && <p>{told}</p>}
      </div>
    </section>
  );
}
