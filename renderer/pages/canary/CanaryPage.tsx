import { ButtonLink } from '../../components/Button';
import { Page } from '../../components/Page';
import { EmptyState } from '../../components/States';
import { useAddress } from '../../state/address';
import { addresses } from '../addresses';
import { DeploymentPage } from './DeploymentPage';
import { DeploymentsPage } from './DeploymentsPage';
import { HistoryPage } from './HistoryPage';
import { NewDeploymentPage } from './NewDeploymentPage';
import { PlaybookPage } from './PlaybookPage';
import { RulesPage } from './RulesPage';
import { canaryRoute } from './route';
import { SecretsPage } from './SecretsPage';
import './canary.css';

/** May this version get more capital, and who watches it? */
export default function CanaryPage() {
  const route = canaryRoute(useAddress());
  switch (route.view) {
    case 'list':
      return <DeploymentsPage filter={route.filter} />;
    case 'new':
      return <NewDeploymentPage />;
    case 'rules':
      return <RulesPage />;
    case 'secrets':
      return <SecretsPage />;
    case 'history':
      return <HistoryPage />;
    case 'deployment':
      return <DeploymentPage key={route.id} id={route.id} />;
    case 'playbook':
      return <PlaybookPage key={route.id} id={route.id} />;
    case 'unknown':
      return (
        <Page title="Canary">
          <EmptyState
            title="There is nothing at this address."
            actions={<ButtonLink href={addresses.canary()}>All deployments</ButtonLink>}
          >
            It may be from another desk or mistyped.
          </EmptyState>
        </Page>
      );
  }
}
