import { CircleCheck, OctagonX, RotateCw, ShieldAlert, X } from 'lucide-react';
import { useCallback, useEffect, useId, useRef, useState } from 'react';
import type { Failure } from '../../shared/base/errors';
import { effectWord, stageWord } from '../../shared/canary/words';
import type { RollbackChallenge } from '../../shared/contract/canary';
import type { GuardBridge, GuardProgress } from '../../shared/contract/guard';
import { Button, IconButton } from '../components/Button';
import { TextField } from '../components/Field';
import { RollbackSteps } from '../components/RollbackSteps';
import { ErrorState, InlineError, Skeleton } from '../components/States';
import { Badge } from '../components/StatusBadge';
import { useNowUs } from '../state/clock';
import { sameSubject, secondsLeft, stillMissing } from './confirmation';
import { HoldButton } from './HoldButton';

/**
 * The guarded rollback: what will be done step by step, the version and a reason typed, the button held; then how it goes. It asks nothing
 * but the three questions of its bridge and knows one deployment.
 */

const askAgainMs = 500;

export function GuardPage({ bridge }: { readonly bridge: GuardBridge }) {
  const [challenge, setChallenge] = useState<RollbackChallenge | null>(null);
  const [progress, setProgress] = useState<GuardProgress | null>(null);
  const [refused, setRefused] = useState<Failure | null>(null);
  const [version, setVersion] = useState('');
  const [reason, setReason] = useState('');
  /** A rollback runs or has ended: its steps are what is shown. */
  const [watching, setWatching] = useState(false);
  /** The rollback confirmed here; null = whichever is under way. */
  const [begun, setBegun] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const titles = useRef(new Map<string, { readonly title: string; readonly required: boolean }>());
  const title = useRef<HTMLHeadingElement>(null);

  const ask = useCallback(async () => {
    setBusy(true);
    const stands = await bridge.progress();
    if (stands.ok) setProgress(stands.value);
    if (stands.ok && stands.value.stage === 'rolling-back') {
      setBusy(false);
      setWatching(true);
      return;
    }
    const answer = await bridge.challenge();
    setBusy(false);
    setWatching(false);
    if (!answer.ok) {
      setRefused(answer.error);
      return;
    }
    setRefused(null);
    for (const step of answer.value.steps) titles.current.set(step.id, step);
    setChallenge((before) => {
      if (before !== null && !sameSubject(before, answer.value)) setVersion('');
      return answer.value;
    });
  }, [bridge]);

  useEffect(() => {
    void ask();
    title.current?.focus();
  }, [ask]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') bridge.close();
      if (event.key === 'Tab') keepInside(event);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [bridge]);

  const running = progress?.rollback ?? null;
  const ended = running?.endedAtUs != null && (begun === null || running.id === begun);
  useEffect(() => {
    if (!watching || ended) return;
    let stopped = false;
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      const answer = await bridge.progress();
      if (stopped) return;
      setRefused(answer.ok ? null : answer.error);
      if (answer.ok) setProgress(answer.value);
      timer = setTimeout(look, askAgainMs);
    };
    timer = setTimeout(look, 0);
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [watching, ended, bridge]);

  async function confirm(shown: RollbackChallenge, heldMs: number): Promise<void> {
    setBusy(true);
    const answer = await bridge.rollback({
      challengeId: shown.challengeId,
      typedVersion: version,
      reason: reason.trim(),
      heldMs,
    });
    setBusy(false);
    if (!answer.ok) {
      setRefused(answer.error);
      setChallenge(null);
      return;
    }
    setRefused(null);
    setProgress(null);
    setBegun(answer.value.rollbackId);
    setWatching(true);
  }

  const named = challenge ?? progress;
  return (
    <main className="guard">
      <header className="guard-header">
        <ShieldAlert className="mark mark-fail" size={22} aria-hidden="true" />
        <h1 ref={title} tabIndex={-1}>
          {named === null ? 'Roll back' : `Roll back ${named.strategy} ${named.version}`}
        </h1>
        {named !== null && <Badge tone="plain">{stageWord(named.stage)}</Badge>}
        <IconButton icon={X} label="Close (Esc)" onClick={() => bridge.close()} />
      </header>
      {watching ? (
        <Progress
          progress={progress}
          titleOf={(id) => titles.current.get(id) ?? null}
          refused={refused}
          busy={busy}
          onRetry={() => void ask()}
          onClose={() => bridge.close()}
        />
      ) : challenge === null ? (
        refused !== null ? (
          <ErrorState error={refused} onRetry={() => void ask()} />
        ) : (
          <Skeleton label="Asking what a rollback would do" />
        )
      ) : (
        <Confirm
          challenge={challenge}
          version={version}
          reason={reason}
          refused={refused}
          busy={busy}
          onVersion={setVersion}
          onReason={setReason}
          onHeld={(heldMs) => void confirm(challenge, heldMs)}
          onAskAgain={() => void ask()}
          onClose={() => bridge.close()}
        />
      )}
    </main>
  );
}

/** From the last control Tab goes to the first one, and back: the focus never leaves the control for what lies below it. */
function keepInside(event: KeyboardEvent): void {
  const controls = [...document.querySelectorAll<HTMLElement>('button:not(:disabled), input:not(:disabled)')];
  const [first, last] = [controls[0], controls.at(-1)];
  const at = document.activeElement;
  const inside = controls.some((control) => control === at);
  if (event.shiftKey ? at === first || !inside : at === last) {
    event.preventDefault();
    (event.shiftKey ? last : first)?.focus();
  }
}

function Confirm(props: {
  readonly challenge: RollbackChallenge;
  readonly version: string;
  readonly reason: string;
  readonly refused: Failure | null;
  readonly busy: boolean;
  readonly onVersion: (text: string) => void;
  readonly onReason: (text: string) => void;
  readonly onHeld: (heldMs: number) => void;
  readonly onAskAgain: () => void;
  readonly onClose: () => void;
}) {
  const { challenge, version, reason, refused, busy } = props;
  const now = useNowUs();
  const below = useId();
  const left = secondsLeft(challenge, now);
  const missing = stillMissing(challenge, { version, reason }, now);
  const wrong = version !== '' && !challenge.version.startsWith(version) && version !== challenge.version;
  return (
    <>
      <section aria-label="What will be done">
        <h2>What will be done, in this order</h2>
        <ol className="guard-steps">
          {challenge.steps.map((step) => (
            <li key={step.id}>
              <p>
                <strong>{step.title}</strong>{' '}
                <Badge tone={step.effect === 'notify' ? 'plain' : 'warn'}>{effectWord(step.effect)}</Badge>{' '}
                <span className="muted">{step.required ? 'required' : 'best effort'}</span>
              </p>
              <p className="muted guard-does">{step.does}</p>
            </li>
          ))}
        </ol>
      </section>
      <div className="guard-fields">
        <TextField
          label={`Type the version: ${challenge.version}`}
          value={version}
          onChange={props.onVersion}
          problem={wrong ? `This is not ${challenge.version}.` : null}
        />
        <TextField label="Reason, for the audit trail" value={reason} onChange={props.onReason} />
      </div>
      {refused !== null && <InlineError error={refused} />}
      {left === 0 ? (
        <div className="guard-expired" role="alert">
          <p>
            <strong>What is shown has expired.</strong> Look at it again: what you typed stays unless the deployment has
            changed since.
          </p>
          <Button icon={RotateCw} look="primary" busy={busy} onClick={props.onAskAgain}>
            Show it anew
          </Button>
        </div>
      ) : (
        <>
          <HoldButton
            holdMs={challenge.holdMs}
            disabled={busy || missing.length > 0}
            describedBy={below}
            onHeld={props.onHeld}
          >
            <OctagonX size={18} aria-hidden="true" /> Hold to roll back
          </HoldButton>
          <p id={below} className="guard-below">
            <span>
              {missing.length > 0
                ? `Not yet: ${missing.join(', ')}.`
                : `Hold the button, or Enter on it, for ${(challenge.holdMs / 1_000).toLocaleString('en-US')} seconds.`}
            </span>
            <span className={left <= 10 ? 'mark-warn' : 'muted'}>
              Expires in <span className="figures">{left} s</span>
            </span>
          </p>
        </>
      )}
      <p className="guard-foot">
        <Button onClick={props.onClose}>Leave without rolling back</Button>
      </p>
    </>
  );
}

function Progress(props: {
  readonly progress: GuardProgress | null;
  readonly titleOf: (id: string) => { readonly title: string; readonly required: boolean } | null;
  readonly refused: Failure | null;
  readonly busy: boolean;
  readonly onRetry: () => void;
  readonly onClose: () => void;
}) {
  const { progress, refused } = props;
  const rollback = progress?.rollback ?? null;
  return (
    <>
      {progress === null || rollback === null ? (
        <Skeleton lines={4} label="The rollback begins" />
      ) : (
        <>
          <p className="guard-outcome" role="status">
            {rollback.outcome === 'rolled-back' ? (
              <Badge tone="pass" icon={CircleCheck} size="large">
                Rolled back
              </Badge>
            ) : rollback.outcome === 'failed' ? (
              <Badge tone="fail" icon={OctagonX} size="large">
                Rollback failed
              </Badge>
            ) : (
              <Badge tone="warn" icon={RotateCw} size="large">
                Rolling back
              </Badge>
            )}
            <span className="muted">{rollback.reason}</span>
          </p>
          <RollbackSteps steps={rollback.steps} titleOf={props.titleOf} />
          {rollback.outcome === 'failed' && (
            <div className="guard-expired" role="alert">
              <p>
                <strong>The version may still trade.</strong> Required steps are not done. Stop it by hand where you
                can, and try again: steps that are done are not repeated.
              </p>
              <Button icon={RotateCw} look="primary" busy={props.busy} onClick={props.onRetry}>
                Try the rest again
              </Button>
            </div>
          )}
        </>
      )}
      {refused !== null && <InlineError error={refused} />}
      <p className="guard-foot">
        <Button onClick={props.onClose}>Close</Button>
        {rollback?.endedAtUs == null && <span className="muted">Closing does not stop the rollback.</span>}
      </p>
    </>
  );
}
