import { type Origin, visitorFrom } from '../../../worker/auth/actor.ts';
import type { Services } from '../../../worker/services.ts';

/** The context of a command that a person without a session runs. */
export const asVisitor = (services: Services, origin: Origin = { network: '10.0.0.1' }) => ({
  services,
  requestId: 'req_test',
  actor: visitorFrom(origin),
});
