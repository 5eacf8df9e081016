import { Hono } from 'hono';
import { audit } from './api/audit.ts';
import { auth } from './api/auth.ts';
import { calendars } from './api/calendars.ts';
import { channelKindList, channels } from './api/channels.ts';
import { checkToken } from './api/checkToken.ts';
import type { ApiEnv } from './api/context.ts';
import { deliveries } from './api/deliveries.ts';
import { digests } from './api/digests.ts';
import { health } from './api/health.ts';
import { incidents } from './api/incidents.ts';
import { limits } from './api/limits.ts';
import { live } from './api/live.ts';
import { maintenance } from './api/maintenance.ts';
import { me } from './api/me.ts';
import {
  limitAddress,
  limitBody,
  limitVisits,
  noStore,
  openHeaders,
  provideServices,
  refuseOwnAlerts,
  requireKnownOrigin,
  secure,
  shareWithAllowedOrigins,
  trace,
} from './api/middleware.ts';
import { monitors } from './api/monitors.ts';
import { onCall } from './api/onCall.ts';
import { people } from './api/people.ts';
import { policies } from './api/policies.ts';
import { answerNotFound, answerProblem } from './api/problem.ts';
import { regions } from './api/regions.ts';
import { refuseOtherThanShown } from './api/shownFor.ts';
import { statusPages } from './api/statusPages.ts';
import { webPush } from './api/webPush.ts';
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
  .route('/policies', policies)
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
  .use(trace, secure, openHeaders, provideServices)
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
