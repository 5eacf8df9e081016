import { httpMonitor } from '../../../httpMonitor.ts';
import type { Caller, World } from './world.ts';

/** A row that a request may change although it is not the caller's, and must change. */
export interface AllowedChange {
  table: string;
  /** What the row names. */
  names: string;
  columns: readonly string[] | 'all of a new row';
}

/** A request, and what each caller is answered. `owner` is asked last, and shows that the request is a right one. */
export interface Case {
  path: (world: World, caller: Caller) => string;
  body?: (world: World) => unknown;
  /** The holder of a link may use it, and nothing else. */
  allows?: (world: World, caller: Caller) => AllowedChange[];
  /** Asked with a session of its own, which the request ends: of the caller, or of somebody else in the caller's place. */
  ends?: 'one session' | 'all sessions';
  headers?: Record<string, string>;
  visitor: number;
  stranger: number;
  owner: number;
  /** It is meant to be read without a session, so it may show what the team made public. */
  isPublic?: true;
}

const api = '/api/v1';
const session = { visitor: 401 } as const;

type Body = (world: World) => unknown;
type Path = (world: World) => string;

/** Something of a team: to everybody else it is not there. */
const own = (path: Path, body?: Body, owner = 200): Case[] => [
  { ...session, path: (world) => api + path(world), ...(body && { body }), stranger: 404, owner },
];

/** What the caller's own team has, and makes. */
const team = (path: string, body?: Body, status = 200): Case[] => [
  { ...session, path: () => api + path, ...(body && { body }), stranger: status, owner: status },
];

/** Makes something of the caller's team out of what another team has. */
const outOf = (path: string, body: Body, owner = 201, stranger = 400): Case[] => [
  { ...session, path: () => api + path, body, stranger, owner },
];

const anybody = (path: Path, status: number, body?: Body): Case[] => [
  { path, ...(body && { body }), visitor: status, stranger: status, owner: status, isPublic: true },
];

/** A link for each caller, which works without a session. */
const linked = (path: Case['path'], allows: NonNullable<Case['allows']>): Case => ({
  ...{ path, allows, visitor: 200, stranger: 200, owner: 200 },
  isPublic: true,
});

const decides: NonNullable<Case['allows']> = ({ forCaller }, caller) => [
  {
    table: 'recipients',
    names: forCaller[caller].recipient,
    columns: ['state', 'decided_at', 'ask_due_at', 'problem'],
  },
];

const monitor = (rest = '') => {
  return (world: World) => `/monitors/${world.monitor}${rest}`;
};
const incident = (rest = '') => {
  return (world: World) => `/incidents/${world.incident}${rest}`;
};
const window = (rest = '') => {
  return (world: World) => `/maintenance-windows/${world.window}${rest}`;
};
const schedule = (rest = '') => {
  return (world: World) => `/on-call/${world.schedule}${rest}`;
};

const wrong = () => ({ email: 'nobody@example.com', password: 'not the password' });
const steps = (target: { type: string; id: string }) => [{ afterSeconds: 0, targets: [target] }];
const reclassified = ({ period }: World) => ({ ...period, as: 'maintenance', reason: 'For a reason' });
const windowTimes = ({ tomorrow }: World) => ({
  ...{ startsAt: `${tomorrow}T06:00`, endsAt: `${tomorrow}T07:00`, timeZone: 'UTC' },
});

/**
 * Every route of the app. A new one without a line here fails authorisation.test.ts; what a request names besides its
 * path (people, channels, monitors of another team) is a case of its own.
 */
export const routes: Record<string, Case[]> = {
  'GET /healthz': anybody(() => '/healthz', 200),
  'GET /status/:slug': anybody(() => '/status/none-such', 404),
  'GET /status/*': anybody(() => '/status/a/b', 404),
  'GET /a/:token': [...anybody(() => '/a/not-a-link', 403), ...anybody(({ link }) => `/a/${link}`, 200)],
  'POST /a/:token': [
    ...anybody(() => '/a/not-a-link', 403),
    linked(
      ({ forCaller }, caller) => `/a/${forCaller[caller].link}`,
      ({ forCaller }, caller) => [
        { table: 'incidents', names: forCaller[caller].incident, columns: ['acknowledged_at'] },
        { table: 'incident_events', names: forCaller[caller].incident, columns: 'all of a new row' },
      ],
    ),
  ],
  // Before the links that refuse: a recipient who has refused cannot unsubscribe.
  'GET /leave/:token': [
    ...anybody(() => `/leave/${'x'.repeat(80)}`, 404),
    ...anybody(({ leaveToken }) => `/leave/${leaveToken}`, 200),
  ],
  'POST /leave/:token': [
    ...anybody(() => `/leave/${'x'.repeat(80)}`, 404),
    linked(
      ({ forCaller }, caller) => `/leave/${forCaller[caller].leaveToken}`,
      ({ forCaller }, caller) => [
        {
          table: 'recipients',
          names: forCaller[caller].recipient,
          columns: ['state', 'decided_at', 'ask_due_at', 'problem'],
        },
        { table: 'channels', names: forCaller[caller].mailChannel, columns: ['failing_since', 'failure'] },
      ],
    ),
  ],
  'GET /confirm/:token': [
    ...anybody(() => `/confirm/${'x'.repeat(43)}`, 404),
    ...anybody(({ confirmToken }) => `/confirm/${confirmToken}`, 200),
  ],
  'POST /confirm/:token': [
    ...anybody(() => `/confirm/${'x'.repeat(43)}`, 404),
    linked(({ forCaller }, caller) => `/confirm/${forCaller[caller].confirmToken}`, decides),
  ],
  'POST /confirm/:token/refuse': [
    ...anybody(() => `/confirm/${'x'.repeat(43)}/refuse`, 404),
    linked(({ forCaller }, caller) => `/confirm/${forCaller[caller].confirmToken}/refuse`, decides),
  ],
  'GET /calendars/:id/:file': [
    ...anybody(({ schedule }) => `/calendars/${schedule}/${'0'.repeat(48)}.ics`, 404),
    ...anybody(({ calendarPath }) => calendarPath, 200),
  ],

  'GET /api/v1/auth/signup': anybody(() => `${api}/auth/signup`, 200),
  'POST /api/v1/auth/signup': anybody(
    () => `${api}/auth/signup`,
    400,
    () => ({ email: 'nobody' }),
  ),
  'POST /api/v1/auth/signin': anybody(() => `${api}/auth/signin`, 401, wrong),
  'POST /api/v1/auth/refresh': [{ path: () => `${api}/auth/refresh`, visitor: 401, stranger: 204, owner: 204 }],
  'POST /api/v1/auth/signout': [
    ...anybody(() => `${api}/auth/signout?everywhere=perhaps`, 400),
    { path: () => `${api}/auth/signout`, ends: 'one session', visitor: 204, stranger: 204, owner: 204 },
    {
      ...{ path: () => `${api}/auth/signout?everywhere=true`, ends: 'all sessions' },
      ...{ visitor: 401, stranger: 204, owner: 204 },
    },
  ],
  'GET /api/v1/regions': anybody(() => `${api}/regions`, 200),
  'GET /api/v1/live': team('/live', undefined, 400),

  'GET /api/v1/me': team('/me'),
  'GET /api/v1/me/sessions': team('/me/sessions'),
  'DELETE /api/v1/me/sessions/:id': own(({ session }) => `/me/sessions/${session}`, undefined, 204),
  'DELETE /api/v1/me/sessions': team('/me/sessions', undefined, 204),
  'GET /api/v1/limits': team('/limits'),
  'GET /api/v1/check-token': team('/check-token'),
  'POST /api/v1/check-token/renew': team('/check-token/renew', () => ({})),
  'PATCH /api/v1/me/team': team('/me/team', () => ({ timeZone: 'Europe/Berlin' })),

  // Before the monitor is paused, which may end its incident.
  'GET /api/v1/incidents': [...team('/incidents'), ...own(({ monitor }) => `/incidents?monitorId=${monitor}`)],
  'GET /api/v1/incidents/:id': own(incident()),
  'PATCH /api/v1/incidents/:id': own(incident(), () => ({ cause: 'A cable' })),
  'POST /api/v1/incidents/:id/acknowledge': own(incident('/acknowledge')),
  'POST /api/v1/incidents/:id/comments': own(incident('/comments'), () => ({ text: 'On it' }), 201),
  'POST /api/v1/incidents/:id/resolve': own(incident('/resolve')),
  'POST /api/v1/incidents/:id/reopen': own(incident('/reopen')),

  'GET /api/v1/monitors': [
    ...team('/monitors'),
    ...team('/monitors?limit=100'),
    { ...session, path: ({ monitor }) => `${api}/monitors?dependsOn=${monitor}`, stranger: 200, owner: 200 },
  ],
  'GET /api/v1/monitors/counts': team('/monitors/counts'),
  'GET /api/v1/monitors/tags': team('/monitors/tags'),
  'POST /api/v1/monitors': [
    ...outOf('/monitors', ({ monitor }) => httpMonitor({ url: 'http://localhost:9/', dependsOn: [monitor] })),
    ...outOf('/monitors', ({ policy }) => httpMonitor({ url: 'http://localhost:9/', escalationPolicyId: policy })),
  ],
  'GET /api/v1/monitors/:id': own(monitor()),
  'PATCH /api/v1/monitors/:id': own(monitor(), () => ({ name: 'Renamed' })),
  'DELETE /api/v1/monitors/:id': own(monitor(), undefined, 204),
  'POST /api/v1/monitors/:id/pause': own(monitor('/pause')),
  'POST /api/v1/monitors/:id/resume': own(monitor('/resume')),
  'POST /api/v1/monitors/:id/check': own(monitor('/check'), undefined, 202),
  'GET /api/v1/monitors/:id/dependencies': own(monitor('/dependencies')),
  'GET /api/v1/monitors/:id/ticks': own(monitor('/ticks')),
  'GET /api/v1/monitors/:id/verdict': own(monitor('/verdict')),
  'GET /api/v1/monitors/:id/verdicts': own(monitor('/verdicts')),
  'GET /api/v1/monitors/:id/uptime': own(monitor('/uptime')),
  'GET /api/v1/monitors/:id/history': own(monitor('/history')),
  'GET /api/v1/monitors/:id/reclassifications': own(monitor('/reclassifications')),
  'GET /api/v1/monitors/:id/reclassifications/preview': own(
    ({ monitor, period }) =>
      `/monitors/${monitor}/reclassifications/preview?from=${period.from}&to=${period.to}&as=maintenance`,
  ),
  'POST /api/v1/monitors/:id/reclassifications': own(monitor('/reclassifications'), reclassified, 201),
  'POST /api/v1/monitors/:id/reclassifications/:reclassification/revoke': own(
    ({ monitor, reclassification }) => `/monitors/${monitor}/reclassifications/${reclassification}/revoke`,
  ),

  'POST /api/v1/maintenance-windows': outOf('/maintenance-windows', (world) => ({
    ...windowTimes(world),
    title: 'Mine',
    monitorIds: [world.monitor],
  })),
  'GET /api/v1/maintenance-windows': [
    ...team('/maintenance-windows'),
    ...own(({ monitor }) => `/maintenance-windows?monitorId=${monitor}`),
  ],
  'GET /api/v1/maintenance-windows/occurrences': [
    ...team('/maintenance-windows/occurrences'),
    ...own(({ monitor }) => `/maintenance-windows/occurrences?monitorId=${monitor}`),
  ],
  'POST /api/v1/maintenance-windows/preview': team('/maintenance-windows/preview', windowTimes),
  'GET /api/v1/maintenance-windows/:id': own(window()),
  'PATCH /api/v1/maintenance-windows/:id': own(window(), () => ({ title: 'Renamed' })),
  'DELETE /api/v1/maintenance-windows/:id': own(window(), undefined, 204),
  'POST /api/v1/maintenance-windows/:id/skip': own(window('/skip'), ({ occurrence }) => ({ from: occurrence })),
  'POST /api/v1/maintenance-windows/:id/unskip': own(window('/unskip'), ({ occurrence }) => ({ from: occurrence })),
  'POST /api/v1/maintenance-windows/:id/end': own(window('/end'), undefined, 409),

  'POST /api/v1/channels': team(
    '/channels',
    () => ({ kind: 'webhook', name: 'Mine', settings: { url: 'http://localhost:9/hook' }, join: false }),
    201,
  ),
  'GET /api/v1/channels': team('/channels'),
  'GET /api/v1/channels/:id': own(({ channel }) => `/channels/${channel}`),
  'PATCH /api/v1/channels/:id': own(
    ({ channel }) => `/channels/${channel}`,
    () => ({ name: 'Renamed' }),
  ),
  'DELETE /api/v1/channels/:id': own(({ channel }) => `/channels/${channel}`),
  'POST /api/v1/channels/:id/test': own(({ channel }) => `/channels/${channel}/test`),
  'POST /api/v1/channels/:id/recipients/ask': [
    ...own(
      ({ mailChannel }) => `/channels/${mailChannel}/recipients/ask`,
      ({ recipient }) => ({ address: recipient }),
    ),
    ...own(
      ({ channel }) => `/channels/${channel}/recipients/ask`,
      ({ recipient }) => ({ address: recipient }),
      404,
    ),
  ],
  'GET /api/v1/channel-kinds': team('/channel-kinds'),
  // Of a Pharos without keys for it, as that of the tests is.
  'GET /api/v1/web-push': team('/web-push', undefined, 404),

  'GET /api/v1/people': team('/people'),
  'POST /api/v1/people': outOf('/people', ({ channel }) => ({ name: 'Mine', channelIds: [channel] })),
  'GET /api/v1/people/:id': own(({ person }) => `/people/${person}`),
  'PATCH /api/v1/people/:id': own(
    ({ person }) => `/people/${person}`,
    () => ({ name: 'Renamed' }),
  ),
  'DELETE /api/v1/people/:id': own(({ person }) => `/people/${person}`, undefined, 409),

  'GET /api/v1/on-call': team('/on-call'),
  'POST /api/v1/on-call': outOf('/on-call', ({ layer }) => ({ name: 'Mine', timeZone: 'UTC', layers: [layer] })),
  'GET /api/v1/on-call/:id': own(schedule()),
  'PATCH /api/v1/on-call/:id': own(schedule(), () => ({ name: 'Renamed' })),
  'GET /api/v1/on-call/:id/now': own(schedule('/now')),
  'GET /api/v1/on-call/:id/shifts': own(schedule('/shifts')),
  'POST /api/v1/on-call/:id/overrides': own(
    schedule('/overrides'),
    ({ person, tomorrow }) => ({
      ...{ personId: person, from: `${tomorrow}T00:00:00Z`, to: `${tomorrow}T01:00:00Z` },
    }),
    201,
  ),
  'DELETE /api/v1/on-call/:id/overrides/:override': own(
    ({ schedule, override }) => `/on-call/${schedule}/overrides/${override}`,
  ),
  'POST /api/v1/on-call/:id/calendar/renew': own(schedule('/calendar/renew')),
  'DELETE /api/v1/on-call/:id': own(schedule()),

  'GET /api/v1/escalation-policies': team('/escalation-policies'),
  'POST /api/v1/escalation-policies': [
    ...outOf('/escalation-policies', ({ channel }) => ({
      name: 'Mine',
      steps: steps({ type: 'channel', id: channel }),
    })),
    ...outOf('/escalation-policies', ({ person }) => ({
      name: 'Mine too',
      steps: steps({ type: 'person', id: person }),
    })),
    ...outOf('/escalation-policies', ({ schedule }) => ({
      name: 'Also',
      steps: steps({ type: 'onCall', id: schedule }),
    })),
  ],
  'GET /api/v1/escalation-policies/:id': own(({ policy }) => `/escalation-policies/${policy}`),
  'PATCH /api/v1/escalation-policies/:id': own(
    ({ policy }) => `/escalation-policies/${policy}`,
    () => ({ name: 'Renamed' }),
  ),
  'GET /api/v1/escalation-policies/:id/monitors': own(({ policy }) => `/escalation-policies/${policy}/monitors`),
  'DELETE /api/v1/escalation-policies/:id': own(({ policy }) => `/escalation-policies/${policy}`),

  'GET /api/v1/deliveries': [...team('/deliveries'), ...team('/deliveries?state=failed')],
  'GET /api/v1/deliveries/overdue': team('/deliveries/overdue'),
  'GET /api/v1/digests/:id': own(({ digest }) => `/digests/${digest}`),
  'GET /api/v1/deliveries/:id': own(({ delivery }) => `/deliveries/${delivery}`),
  'POST /api/v1/deliveries/:id/retry': own(({ delivery }) => `/deliveries/${delivery}/retry`),

  'POST /api/v1/status-pages': outOf('/status-pages', ({ monitor }) => ({
    ...{ name: 'Mine', slug: `mine-${monitor.slice(-8).toLowerCase()}`, monitorIds: [monitor] },
  })),
  'GET /api/v1/status-pages': team('/status-pages'),
  'GET /api/v1/status-pages/:id': own(({ statusPage }) => `/status-pages/${statusPage}`),
  'PATCH /api/v1/status-pages/:id': own(
    ({ statusPage }) => `/status-pages/${statusPage}`,
    () => ({ name: 'Renamed' }),
  ),
  'DELETE /api/v1/status-pages/:id': own(({ statusPage }) => `/status-pages/${statusPage}`, undefined, 204),

  'GET /api/v1/audit': team('/audit'),
};
