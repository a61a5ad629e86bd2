import {
  CircleCheck,
  CircleDashed,
  CirclePause,
  Hourglass,
  type LucideIcon,
  OctagonX,
  RadioTower,
  TriangleAlert,
  Unplug,
} from 'lucide-react';
import type { CriterionOutcome } from '../../../shared/canary/evaluation';
import type { Stage, Verdict } from '../../../shared/canary/events';
import { outcomeWord, stageWord, verdictWord } from '../../../shared/canary/words';
import { Badge, type Tone } from '../../components/StatusBadge';

/** Verdicts, outcomes and stages as icon, word and colour; each differs in outline, so that it reads without colour. */

interface Look {
  readonly tone: Tone;
  readonly icon: LucideIcon;
}

const verdictLooks: Record<Verdict, Look> = {
  healthy: { tone: 'pass', icon: CircleCheck },
  warning: { tone: 'warn', icon: TriangleAlert },
  inconclusive: { tone: 'unknown', icon: Hourglass },
  'no-data': { tone: 'unknown', icon: Unplug },
  breach: { tone: 'fail', icon: OctagonX },
};

export function VerdictBadge({
  verdict,
  size = 'normal',
  reason,
}: {
  readonly verdict: Verdict | null;
  readonly size?: 'normal' | 'large';
  readonly reason?: string | null;
}) {
  const look = verdict === null ? { tone: 'unknown' as const, icon: CircleDashed } : verdictLooks[verdict];
  return (
    <Badge tone={look.tone} icon={look.icon} size={size} title={reason ?? undefined}>
      {verdictWord(verdict)}
    </Badge>
  );
}

const outcomeLooks: Record<CriterionOutcome, Look> = {
  ok: { tone: 'pass', icon: CircleCheck },
  warning: { tone: 'warn', icon: TriangleAlert },
  breached: { tone: 'fail', icon: OctagonX },
  inconclusive: { tone: 'unknown', icon: Hourglass },
  'no-data': { tone: 'unknown', icon: Unplug },
};

export function OutcomeMark({ outcome }: { readonly outcome: CriterionOutcome }) {
  const { tone, icon: Icon } = outcomeLooks[outcome];
  return (
    <span className={`canary-outcome mark-${tone}`}>
      <Icon size={14} strokeWidth={2.25} aria-hidden="true" />
      {outcomeWord(outcome)}
    </span>
  );
}

export function outcomeTone(outcome: CriterionOutcome): Tone {
  return outcomeLooks[outcome].tone;
}

const stageTones: Partial<Record<Stage, Look>> = {
  production: { tone: 'pass', icon: RadioTower },
  'rolling-back': { tone: 'warn', icon: TriangleAlert },
  'rolled-back': { tone: 'unknown', icon: CircleDashed },
  'rollback-failed': { tone: 'fail', icon: OctagonX },
};

export function StageBadge({ stage }: { readonly stage: Stage }) {
  const look = stageTones[stage];
  return (
    <Badge tone={look?.tone ?? 'plain'} {...(look && { icon: look.icon })}>
      {stageWord(stage)}
    </Badge>
  );
}

export function PausedBadge({ why }: { readonly why: string }) {
  return (
    <Badge tone="warn" icon={CirclePause}>
      {why}
    </Badge>
  );
}
