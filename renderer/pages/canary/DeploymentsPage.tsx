import { Bird, History, KeyRound, Plus } from 'lucide-react';
import { useQuery } from '../../api/use-query';
import { ButtonLink } from '../../components/Button';
import { Choice } from '../../components/Choice';
import { Page, Panel } from '../../components/Page';
import { Answer, EmptyState } from '../../components/States';
import { formatCountOf } from '../../format';
import { goTo } from '../../state/address';
import { addresses } from '../addresses';
import { DeploymentsTable } from './DeploymentsTable';
import { LineSwitch } from './LineSwitch';
import { MonitorLine } from './MonitorLine';
import { watchedOf } from './monitor';

const filters = [
  { value: 'active', title: 'Active' },
  { value: 'ended', title: 'Ended' },
  { value: 'all', title: 'All' },
] as const;
const mostShown = 500;

/** All deployments: what each one's verdict is, who watches, and whether anything may be promoted. */
export function DeploymentsPage({ filter }: { readonly filter: 'active' | 'ended' | 'all' }) {
  const query = useQuery('canary.list', { filter, page: { offset: 0, limit: mostShown } });
  const create = (
    <ButtonLink icon={Plus} look="primary" href={addresses.newDeployment()}>
      New deployment
    </ButtonLink>
  );
  return (
    <Page
      title="Canary"
      lead="Versions on trial: each gets more capital only on evidence, and is taken out of the market when it breaches."
      actions={
        <>
          <Choice
            label="Which deployments"
            options={filters}
            chosen={filter}
            onChoose={(chosen) => goTo(addresses.canary(chosen), { replace: true })}
          />
          <ButtonLink icon={KeyRound} href={addresses.secrets()}>
            Secrets
          </ButtonLink>
          <ButtonLink icon={History} href={addresses.canaryHistory()}>
            History
          </ButtonLink>
          {create}
        </>
      }
    >
      <Answer query={query}>
        {({ deployments, total, monitor, rules }) => (
          <>
            <MonitorLine monitor={monitor} watched={filter === 'ended' ? 0 : watchedOf(deployments)} />
            <LineSwitch rules={rules} />
            {deployments.length === 0 ? (
              <Panel title="Deployments">
                <EmptyState
                  icon={Bird}
                  title={
                    filter === 'active'
                      ? 'No version is on trial.'
                      : filter === 'ended'
                        ? 'No trial has ended yet.'
                        : 'There is no deployment yet.'
                  }
                  actions={create}
                >
                  A deployment is one version of one strategy: it starts on at most 1 % of the capital, and moves on
                  only when every criterion holds on fresh data for the time agreed.
                </EmptyState>
              </Panel>
            ) : (
              <Panel
                title="Deployments"
                aside={
                  <span className="figures">
                    {formatCountOf(total, 'deployment')}
                    {total > deployments.length && `, the newest ${deployments.length} are shown`}
                  </span>
                }
                flush
              >
                <DeploymentsTable label="Deployments" deployments={deployments} />
              </Panel>
            )}
          </>
        )}
      </Answer>
    </Page>
  );
}
