import { Hono } from 'hono';
import { channelKindList } from './api/channels/channelKinds.ts';
import { channels } from './api/channels/channels.ts';
import { webPush } from './api/channels/webPush.ts';
import { deliveries } from './api/deliveries/deliveries.ts';
import { digests } from './api/deliveries/digests.ts';
import { escalationPolicies } from './api/escalation/escalationPolicies.ts';
import type { ApiEnv } from './api/http/context.ts';
import { live } from './api/http/live.ts';
import {
  limitAddress,
  limitBody,
  limitVisits,
  noStore,
  openHeaders,
  provideServices,
  refuseOwnAlerts,
  requireKnownOrigin,
  requireSchema,
  secure,
  shareWithAllowedOrigins,
  trace,
} from './api/http/middleware.ts';
import { answerNotFound, answerProblem } from './api/http/problem.ts';
import { refuseOtherThanShown } from './api/http/shownFor.ts';
import { incidents } from './api/incidents/incidents.ts';
import { maintenance } from './api/maintenance/maintenance.ts';
import { monitors } from './api/monitors/monitors.ts';
import { calendars } from './api/onCall/calendars.ts';
import { onCall } from './api/onCall/onCall.ts';
import { people } from './api/onCall/people.ts';
import { health } from './api/operations/health.ts';
import { statusPages } from './api/statusPages/statusPages.ts';
import { audit } from './api/teams/audit.ts';
import { auth } from './api/teams/auth.ts';
import { checkToken } from './api/teams/checkToken.ts';
import { limits } from './api/teams/limits.ts';
import { me } from './api/teams/me.ts';
import { regions } from './api/verdicts/regions.ts';
import { acknowledgePages } from './pages/acknowledge.tsx';
import { confirmPages } from './pages/confirm.tsx';
import { leavePages } from './pages/leave.tsx';
import { pages } from './pages/pages.tsx';

const api = new Hono<ApiEnv>()
  .basePath('/api/v1')
  .use(noStore, shareWithAllowedOrigins, limitAddress, requireKnownOrigin, refuseOtherThanShown, limitBody)
  .on('POST', ['/auth/refresh', '/auth/signout'], limitVisits)
  .route('/auth', auth)
  .route('/me', me)
  .route('/monitors', monitors)
  .route('/incidents', incidents)
  .route('/maintenance-windows', maintenance)
  .route('/channels', channels)
  .route('/channel-kinds', channelKindList)
  .route('/web-push', webPush)
  .route('/people', people)
  .route('/on-call', onCall)
  .route('/escalation-policies', escalationPolicies)
  .route('/deliveries', deliveries)
  .route('/digests', digests)
  .route('/status-pages', statusPages)
  .route('/audit', audit)
  .route('/regions', regions)
  .route('/limits', limits)
  .route('/check-token', checkToken)
  .route('/live', live);

/** For Hono's typed client: `hc<Api>('/').api.v1.me.$get()`. */
export type Api = typeof api;

export const app = new Hono<ApiEnv>()
  .use(trace, secure, openHeaders, provideServices, requireSchema)
  .onError((error, c) => answerProblem(error, c))
  .notFound((c) => answerNotFound(c))
  .use(refuseOwnAlerts)
  .use('/healthz', limitVisits)
  .use('/status/*', limitVisits)
  .use('/a/*', limitVisits)
  .use('/confirm/*', limitVisits)
  .use('/leave/*', limitVisits)
  .use('/calendars/*', limitVisits)
  .route('/healthz', health)
  .route('/status', pages)
  .route('/a', acknowledgePages)
  .route('/confirm', confirmPages)
  .route('/leave', leavePages)
  .route('/calendars', calendars)
  .route('/', api);
