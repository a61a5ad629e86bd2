import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleX,
  Clock3,
  Loader,
  type LucideIcon,
  OctagonX,
  TriangleAlert,
} from 'lucide-react';
import type { ImportView } from '../../shared/contract/calls';
import type { ParityStatus } from '../../shared/parity/document';

/** What a mark says; each has a colour, an icon of its own outline and a border of its own, so that it reads without colour. */
export type Tone = 'pass' | 'warn' | 'fail' | 'unknown' | 'plain';

export function Badge({
  tone,
  icon: Icon,
  size = 'normal',
  title,
  children,
}: {
  readonly tone: Tone;
  readonly icon?: LucideIcon;
  readonly size?: 'normal' | 'large';
  readonly title?: string | undefined;
  readonly children: React.ReactNode;
}) {
  return (
    <span className={`badge badge-${tone} badge-${size}`} title={title}>
      {Icon && <Icon size={size === 'large' ? 18 : 13} strokeWidth={2.25} aria-hidden="true" />}
      {children}
    </span>
  );
}

const statusLooks: Record<ParityStatus, { readonly tone: Tone; readonly icon: LucideIcon }> = {
  PASS: { tone: 'pass', icon: CircleCheck },
  WARN: { tone: 'warn', icon: TriangleAlert },
  FAIL: { tone: 'fail', icon: OctagonX },
  UNKNOWN: { tone: 'unknown', icon: CircleDashed },
};

/** The parity status as icon, word, colour and border; `reason` is the hover text. */
export function StatusBadge({
  status,
  size = 'normal',
  reason,
}: {
  readonly status: ParityStatus;
  readonly size?: 'normal' | 'large';
  readonly reason?: string | undefined;
}) {
  const look = statusLooks[status];
  return (
    <Badge tone={look.tone} icon={look.icon} size={size} title={reason}>
      {status}
    </Badge>
  );
}

/** The icon of a status alone, for dense rows; carries the word for those who do not see it. */
export function StatusMark({ status }: { readonly status: ParityStatus }) {
  const { icon: Icon, tone } = statusLooks[status];
  return <Icon className={`mark mark-${tone}`} size={14} strokeWidth={2.25} role="img" aria-label={status} />;
}

const importLooks: Record<
  ImportView['state'],
  { readonly tone: Tone; readonly icon: LucideIcon; readonly word: string }
> = {
  queued: { tone: 'plain', icon: Clock3, word: 'Queued' },
  running: { tone: 'plain', icon: Loader, word: 'Running' },
  done: { tone: 'pass', icon: CircleCheck, word: 'Done' },
  failed: { tone: 'fail', icon: CircleX, word: 'Failed' },
  cancelled: { tone: 'unknown', icon: Ban, word: 'Cancelled' },
};

export function ImportStateBadge({ state }: { readonly state: ImportView['state'] }) {
  const look = importLooks[state];
  return (
    <Badge tone={look.tone} icon={look.icon}>
      {look.word}
    </Badge>
  );
}
