import type { LucideIcon } from 'lucide-react';
import { useState } from 'react';
import type { Failure } from '../../../shared/base/errors';
import type { Result } from '../../../shared/base/result';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { TextField } from '../../components/Field';
import { InlineError } from '../../components/States';

/** A decision that is written to the audit trail: what it does, a reason, and its button. Stays open with what was refused. */
export function DecideDialog(props: {
  readonly title: string;
  readonly describes: string;
  readonly action: string;
  readonly icon?: LucideIcon;
  readonly look?: 'primary' | 'danger';
  readonly children?: React.ReactNode;
  readonly blocked?: boolean;
  /** The decision is recorded without a reason of its own. */
  readonly withoutReason?: boolean;
  readonly size?: 'normal' | 'wide';
  readonly onClose: () => void;
  readonly decide: (reason: string) => Promise<Result<unknown>>;
}) {
  const {
    title,
    describes,
    action,
    icon,
    look = 'primary',
    children,
    blocked = false,
    withoutReason = false,
    onClose,
    decide,
  } = props;
  const [reason, setReason] = useState('');
  const missing = !withoutReason && reason.trim() === '';
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Failure | null>(null);

  async function submit(): Promise<void> {
    if (blocked || busy || missing) return;
    setBusy(true);
    const answer = await decide(reason.trim());
    setBusy(false);
    if (answer.ok) onClose();
    else setRefused(answer.error);
  }

  return (
    <Dialog open onClose={onClose} title={title} describes={describes} size={props.size ?? 'normal'}>
      <form
        className="dialog-body canary-form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {children}
        {!blocked && !withoutReason && (
          <TextField label="Reason, for the audit trail" value={reason} onChange={setReason} />
        )}
        {refused !== null && <InlineError error={refused} />}
        <div className="dialog-actions">
          <Button onClick={onClose}>Leave</Button>
          {!blocked && (
            <Button type="submit" look={look} busy={busy} disabled={missing} {...(icon !== undefined && { icon })}>
              {action}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}
