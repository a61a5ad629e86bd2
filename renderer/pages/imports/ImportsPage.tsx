import { Page } from '../../components/Page';

export default function ImportsPage() {
  return <Page title="Imports">{null}</Page>;
}
