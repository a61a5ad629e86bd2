import { useState } from 'react';
import type { Source } from '../../../shared/market/executions';
import { useQuery } from '../../api/use-query';
import { Button } from '../../components/Button';
import { Choice } from '../../components/Choice';
import { TextField } from '../../components/Field';
import { useImports } from '../../state/imports';

/** Says the same of all files that wait. A source that a file's format implies stays. */
export function BulkFields() {
  const { changeAll } = useImports();
  const overview = useQuery('desk.overview', { strategy: null, days: 30 });
  const [source, setSource] = useState<Source | null>(null);
  const [strategy, setStrategy] = useState('');
  const [version, setVersion] = useState('');
  const [account, setAccount] = useState('');
  const said = {
    ...(source !== null && { source }),
    ...(strategy.trim() !== '' && { strategy }),
    ...(version.trim() !== '' && { version }),
    ...(account.trim() !== '' && { account }),
  };
  return (
    <form
      className="bulk"
      aria-label="For all files"
      onSubmit={(event) => {
        event.preventDefault();
        changeAll(said);
      }}
    >
      <h3>For all files</h3>
      <Choice
        label="Source of all files"
        options={[
          { value: 'live', title: 'Live' },
          { value: 'backtest', title: 'Backtest' },
        ]}
        chosen={source}
        onChoose={(value) => setSource(value === source ? null : value)}
      />
      <TextField
        label="Strategy"
        value={strategy}
        onChange={setStrategy}
        suggestions={overview.value?.strategies.map((entry) => entry.strategy) ?? []}
      />
      <TextField label="Version" value={version} onChange={setVersion} />
      <TextField label="Account" value={account} onChange={setAccount} />
      <Button type="submit" disabled={Object.keys(said).length === 0}>
        Apply to all
      </Button>
    </form>
  );
}
