import type { CallResult } from '../../../shared/contract/calls';

/** One deployment as the engine tells it. */
export type DeploymentView = CallResult<'canary.get'>;
