import { ClipboardPen } from 'lucide-react';
import { useState } from 'react';
import type { Failure } from '../../../shared/base/errors';
import { call } from '../../api/engine';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { TextField } from '../../components/Field';
import { InlineError } from '../../components/States';

/** A figure the desk knows and Lockstep does not compute; criteria may name it as `recorded.<name>`. */
export function RecordDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const [unit, setUnit] = useState('');
  const [sample, setSample] = useState('');
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Failure | null>(null);
  const isNumber = (text: string) => text.trim() !== '' && Number.isFinite(Number(text));
  const named = /^[a-z][A-Za-z0-9]{0,59}$/.test(name);
  const sampled = sample === '' || (isNumber(sample) && Number(sample) >= 0);
  const complete = named && isNumber(value) && unit.trim() !== '' && sampled;

  async function record(): Promise<void> {
    setBusy(true);
    const answer = await call('canary.record', {
      id,
      name,
      value: Number(value),
      unit: unit.trim(),
      sample: sample === '' ? 0 : Number(sample),
      atUs: null,
    });
    setBusy(false);
    if (answer.ok) onClose();
    else setRefused(answer.error);
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title="Record a figure"
      describes="As of now, with your name beside it. Criteria that name it judge it with the next look."
    >
      <form
        className="dialog-body canary-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (complete && !busy) void record();
        }}
      >
        <div className="canary-fields">
          <TextField
            label="Name"
            value={name}
            onChange={setName}
            placeholder="hedgeRatio"
            problem={name !== '' && !named ? 'A small letter first, then letters and digits.' : null}
          />
          <TextField
            label="Value"
            value={value}
            onChange={setValue}
            problem={value !== '' && !isNumber(value) ? 'Not a number.' : null}
          />
          <TextField label="Unit" value={unit} onChange={setUnit} placeholder="percent, bps, ms …" />
          <TextField
            label="Sample it rests on"
            value={sample}
            onChange={setSample}
            placeholder="0"
            problem={sampled ? null : 'Not a count.'}
          />
        </div>
        {refused !== null && <InlineError error={refused} />}
        <div className="dialog-actions">
          <Button onClick={onClose}>Leave</Button>
          <Button type="submit" look="primary" icon={ClipboardPen} busy={busy} disabled={!complete}>
            Record
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
