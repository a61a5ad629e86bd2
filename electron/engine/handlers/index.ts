import type { Handlers } from '../gate';
import { auditHandlers } from './audit';
import { canaryHandlers } from './canary';
import { causeHandlers } from './causes';
import type { HandlerContext } from './context';
import { deskHandlers } from './desk';
import { importHandlers } from './imports';
import { mapHandlers } from './maps';
import { parityHandlers } from './parity';
import { reportHandlers } from './reports';
import { secretHandlers } from './secrets';
import { watchHandlers } from './watches';

/** One handler for every call of the contract; a call without one does not compile. */
export function createHandlers(context: HandlerContext): Handlers {
  return {
    ...deskHandlers(context),
    ...parityHandlers(context),
    ...causeHandlers(context),
    ...reportHandlers(context),
    ...importHandlers(context),
    ...mapHandlers(context),
    ...watchHandlers(context),
    ...auditHandlers(context),
    ...secretHandlers(context),
    ...canaryHandlers(context),
  };
}
