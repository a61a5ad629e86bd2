import { Download } from 'lucide-react';
import { useState } from 'react';
import type { Failure } from '../../../shared/base/errors';
import { Button } from '../../components/Button';
import { InlineError } from '../../components/States';
import { exportReport, type ReportFormat, type Selection } from './exports';

/** The report as a file of each format. */
export function ReportExports(props: {
  readonly selection: Selection;
  /** A later revision has replaced it: its orders are not kept. */
  readonly older?: boolean;
  /** Further ways out. */
  readonly children?: React.ReactNode;
}) {
  const { selection, older = false, children } = props;
  const [busy, setBusy] = useState<ReportFormat | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const [refused, setRefused] = useState<Failure | null>(null);
  async function take(format: ReportFormat): Promise<void> {
    setBusy(format);
    const saved = await exportReport(selection, format);
    setBusy(null);
    setRefused(saved.ok ? null : saved.error);
    setSaid(saved.ok && saved.value !== null ? `Saved ${saved.value.name}` : null);
  }
  const formats = ['pdf', 'html', 'json', 'csv'] as const;
  return (
    <>
      {formats.map((format) => (
        <Button
          key={format}
          icon={Download}
          busy={busy === format}
          disabled={busy !== null || (format === 'csv' && older)}
          title={format === 'csv' && older ? 'Orders behind an older revision are not kept' : undefined}
          onClick={() => void take(format)}
        >
          {format.toUpperCase()}
        </Button>
      ))}
      {children}
      <span className="muted" role="status">
        {said}
      </span>
      {refused !== null && <InlineError error={refused} />}
    </>
  );
}
