import { useState } from 'react';
import type { DateOrder } from '../../../shared/contract/calls';
import type { Source } from '../../../shared/market/executions';
import { useQuery } from '../../api/use-query';
import { Button } from '../../components/Button';
import { Choice } from '../../components/Choice';
import { SelectField, TextField } from '../../components/Field';
import { questionsOf } from '../../state/import-cards';
import { useImports } from '../../state/imports';
import { dateOrders } from './Questions';

/** Says the same of all files that wait. A source that a file's format implies stays. */
export function BulkFields() {
  const { cards, changeAll } = useImports();
  const overview = useQuery('desk.overview', { strategy: null, days: 30 });
  const [source, setSource] = useState<Source | null>(null);
  const [strategy, setStrategy] = useState('');
  const [version, setVersion] = useState('');
  const [account, setAccount] = useState('');
  const [zone, setZone] = useState('');
  const [dateOrder, setDateOrder] = useState<DateOrder | null>(null);
  const asked = new Set(cards.flatMap(questionsOf).map(({ field }) => field));
  const said = {
    ...(source !== null && { source }),
    ...(strategy.trim() !== '' && { strategy }),
    ...(version.trim() !== '' && { version }),
    ...(account.trim() !== '' && { account }),
    ...(zone.trim() !== '' && { zone }),
    ...(dateOrder !== null && { dateOrder }),
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
      {asked.has('zone') && (
        <TextField label="Time zone" value={zone} onChange={setZone} placeholder="Of times that do not say it" />
      )}
      {asked.has('dateOrder') && (
        <SelectField
          label="Dates such as 04/05/2026"
          value={dateOrder ?? ''}
          onChange={(value) => setDateOrder(value === 'dmy' || value === 'mdy' ? value : null)}
          groups={[{ title: null, options: [{ value: '', title: 'As each file tells' }, ...dateOrders] }]}
        />
      )}
      <Button type="submit" disabled={Object.keys(said).length === 0}>
        Apply to all
      </Button>
    </form>
  );
}
