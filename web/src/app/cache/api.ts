import { type ClientResponse, hc } from 'hono/client';
import type { Api } from '../../../../worker/app.ts';
import type { ChangeMonitor, CreateMonitorInput } from '../../../../worker/contract/monitorInput.ts';
import type { ChannelView } from '../../../../worker/contract/views.ts';
import type { DeliveryState } from '../../../../worker/domain/escalation/delivery.ts';
import type {
  ChangeEscalationPolicy,
  CreateEscalationPolicy,
} from '../../../../worker/domain/escalation/escalationPolicySchema.ts';
import type { ReclassifiedAs, Verdict } from '../../../../worker/domain/history/uptime.ts';
import type { ChangeIncident } from '../../../../worker/domain/incidents/incident.ts';
import type { ChangeMaintenance } from '../../../../worker/domain/maintenance/maintenanceSchema.ts';
import type { CreateOnCallSchedule } from '../../../../worker/domain/onCall/onCallSchedule.ts';
import type { CreatePerson } from '../../../../worker/domain/onCall/person.ts';
import type { Condition } from '../../../../worker/domain/verdict/condition.ts';
import type { ChannelInput } from '../../features/channels/channelDraft.ts';
import type { MaintenanceInput, MaintenanceTimes } from '../../features/maintenance/maintenanceDraft.ts';
import { sessionFetch } from './session.ts';

const {
  audit,
  auth,
  me,
  monitors,
  incidents,
  regions,
  limits,
  'check-token': checkToken,
  'maintenance-windows': maintenance,
  channels,
  'channel-kinds': channelKinds,
  'web-push': webPush,
  people,
  'on-call': onCall,
  'escalation-policies': escalationPolicies,
  deliveries,
  digests,
  'status-pages': statusPages,
} = hc<Api>('/', { fetch: sessionFetch }).api.v1;

export interface MonitorFilter {
  search?: string | undefined;
  verdict?: Verdict | undefined;
  condition?: Condition | undefined;
  tag?: string | undefined;
  /** Id of a digest: only the monitors that it contains. */
  digest?: string | undefined;
}

export interface ReclassifiedTime {
  from: string;
  to: string;
  as: ReclassifiedAs;
}

export interface DeliveryFilter {
  incidentId?: string | undefined;
  monitorId?: string | undefined;
  channelId?: string | undefined;
  state?: DeliveryState | undefined;
  /** The type of a page. */
  limit?: number | undefined;
}

/** The version that a change rests on: where somebody else was faster, nothing is changed. */
interface Seen {
  updatedAt: string;
}

/** Times are UTC. */
export interface OverrideInput {
  personId: string;
  from: string;
  to: string;
}

export interface StatusPageInput {
  slug: string;
  name: string;
  monitorIds: string[];
  publicNames?: Record<string, string>;
}

/** The body of a success. Failures never come this far: `sessionFetch` throws them as a Problem. */
const json = async <T>(answer: Promise<ClientResponse<T>>): Promise<T> => (await (await answer).json()) as T;
const done = async (answer: Promise<ClientResponse<unknown>>): Promise<void> => void (await answer);

/** Every call that the dashboard makes, typed by the API itself. */
export const api = {
  signUpOffer: () => json(auth.signup.$get()),
  /** The browser's time zone becomes the team's, until somebody sets another. */
  signUp: (input: { email: string; password: string }) =>
    json(auth.signup.$post({ json: { ...input, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone } })),
  signIn: (input: { email: string; password: string }) => json(auth.signin.$post({ json: input })),
  signOut: (everywhere: boolean) => done(auth.signout.$post({ query: { everywhere: everywhere ? 'true' : 'false' } })),
  me: () => json(me.$get()),
  sessions: () => json(me.sessions.$get()),
  endSession: (id: string) => done(me.sessions[':id'].$delete({ param: { id } })),
  endOtherSessions: () => done(me.sessions.$delete()),
  changeTeam: (change: { timeZone: string }) => json(me.team.$patch({ json: change })),
  regions: () => json(regions.$get()),
  limits: () => json(limits.$get()),
  checkToken: () => json(checkToken.$get()),
  renewCheckToken: () => json(checkToken.renew.$post()),

  monitors: (filter: MonitorFilter, cursor?: string) =>
    json(monitors.$get({ query: { ...filter, limit: 100, cursor } })),
  /** At most 100. */
  namedMonitors: (ids: readonly string[]) => json(monitors.$get({ query: { ids: ids.join(), limit: 100 } })),
  monitorTags: () => json(monitors.tags.$get()),
  monitorCounts: (found: Pick<MonitorFilter, 'search' | 'tag' | 'digest'> = {}) =>
    json(monitors.counts.$get({ query: found })),
  monitor: (id: string) => json(monitors[':id'].$get({ param: { id } })),
  createMonitor: (input: CreateMonitorInput) => json(monitors.$post({ json: input })),
  changeMonitor: (id: string, change: ChangeMonitor & Seen) =>
    json(monitors[':id'].$patch({ param: { id }, json: change })),
  deleteMonitor: (id: string) => done(monitors[':id'].$delete({ param: { id } })),
  pauseMonitor: (id: string) => json(monitors[':id'].pause.$post({ param: { id } })),
  resumeMonitor: (id: string) => json(monitors[':id'].resume.$post({ param: { id } })),
  checkMonitor: (id: string) => done(monitors[':id'].check.$post({ param: { id } })),
  dependencies: (id: string) => json(monitors[':id'].dependencies.$get({ param: { id } })),
  ticks: (id: string, from: string, to: string, cursor?: string) =>
    json(monitors[':id'].ticks.$get({ param: { id }, query: { from, to, cursor } })),
  verdict: (id: string, at?: string) => json(monitors[':id'].verdict.$get({ param: { id }, query: { at } })),
  verdicts: (id: string, cursor?: string) =>
    json(monitors[':id'].verdicts.$get({ param: { id }, query: { limit: 20, cursor } })),
  uptime: (id: string, from: string, to: string) =>
    json(monitors[':id'].uptime.$get({ param: { id }, query: { from, to } })),
  history: (id: string, from: string, to: string) =>
    json(monitors[':id'].history.$get({ param: { id }, query: { from, to } })),
  reclassifications: (id: string, cursor?: string) =>
    json(monitors[':id'].reclassifications.$get({ param: { id }, query: { cursor } })),
  previewReclassification: (id: string, time: ReclassifiedTime) =>
    json(monitors[':id'].reclassifications.preview.$get({ param: { id }, query: time })),
  reclassify: (id: string, input: ReclassifiedTime & { reason: string }) =>
    json(monitors[':id'].reclassifications.$post({ param: { id }, json: input })),
  revokeReclassification: (id: string, reclassification: string) =>
    json(monitors[':id'].reclassifications[':reclassification'].revoke.$post({ param: { id, reclassification } })),

  incidents: (filter: { monitorId?: string | undefined; state?: 'open' | 'resolved' | undefined }, cursor?: string) =>
    json(incidents.$get({ query: { ...filter, cursor } })),
  incident: (id: string) => json(incidents[':id'].$get({ param: { id } })),
  acknowledgeIncident: (id: string) => json(incidents[':id'].acknowledge.$post({ param: { id } })),
  commentIncident: (id: string, text: string) =>
    json(incidents[':id'].comments.$post({ param: { id }, json: { text } })),
  resolveIncident: (id: string) => json(incidents[':id'].resolve.$post({ param: { id } })),
  reopenIncident: (id: string) => json(incidents[':id'].reopen.$post({ param: { id } })),
  describeIncident: (id: string, change: ChangeIncident) =>
    json(incidents[':id'].$patch({ param: { id }, json: change })),

  maintenanceWindows: (cursor?: string) => json(maintenance.$get({ query: { state: 'open', limit: 100, cursor } })),
  maintenanceWindow: (id: string) => json(maintenance[':id'].$get({ param: { id } })),
  occurrences: (from: string, to: string, cursor?: string) =>
    json(maintenance.occurrences.$get({ query: { from, to, cursor } })),
  previewMaintenance: (times: MaintenanceTimes) => json(maintenance.preview.$post({ json: times })),
  createMaintenance: (input: MaintenanceInput) => json(maintenance.$post({ json: input })),
  changeMaintenance: (id: string, change: ChangeMaintenance & Seen) =>
    json(maintenance[':id'].$patch({ param: { id }, json: change })),
  skipMaintenance: (id: string, from: string) => json(maintenance[':id'].skip.$post({ param: { id }, json: { from } })),
  unskipMaintenance: (id: string, from: string) =>
    json(maintenance[':id'].unskip.$post({ param: { id }, json: { from } })),
  endMaintenance: (id: string) => json(maintenance[':id'].end.$post({ param: { id } })),
  deleteMaintenance: (id: string) => done(maintenance[':id'].$delete({ param: { id } })),
  audit: (monitorId?: string, cursor?: string) => json(audit.$get({ query: { monitorId, cursor } })),

  channelKinds: () => json(channelKinds.$get()),
  webPush: () => json(webPush.$get()),
  channels: (cursor?: string) => json(channels.$get({ query: { limit: 100, cursor } })),
  channel: (id: string) => json(channels[':id'].$get({ param: { id } })),
  createChannel: (input: ChannelInput & { kind: ChannelView['kind'] }) => json(channels.$post({ json: input })),
  changeChannel: (id: string, input: Partial<ChannelInput> & Partial<Seen>) =>
    json(channels[':id'].$patch({ param: { id }, json: input })),
  deleteChannel: (id: string) => json(channels[':id'].$delete({ param: { id } })),
  askRecipient: (id: string, address: string) =>
    json(channels[':id'].recipients.ask.$post({ param: { id }, json: { address } })),
  testChannel: (id: string) => json(channels[':id'].test.$post({ param: { id } })),
  people: () => json(people.$get()),
  createPerson: (input: CreatePerson) => json(people.$post({ json: input })),
  changePerson: (id: string, input: CreatePerson & Seen) => json(people[':id'].$patch({ param: { id }, json: input })),
  deletePerson: (id: string) => json(people[':id'].$delete({ param: { id } })),
  schedules: () => json(onCall.$get()),
  schedule: (id: string) => json(onCall[':id'].$get({ param: { id } })),
  createSchedule: (input: CreateOnCallSchedule) => json(onCall.$post({ json: input })),
  changeSchedule: (id: string, input: CreateOnCallSchedule & Seen) =>
    json(onCall[':id'].$patch({ param: { id }, json: input })),
  deleteSchedule: (id: string) => json(onCall[':id'].$delete({ param: { id } })),
  shifts: (id: string, from: string, to: string, cursor?: string) =>
    json(onCall[':id'].shifts.$get({ param: { id }, query: { from, to, cursor } })),
  addOverride: (id: string, input: OverrideInput) =>
    json(onCall[':id'].overrides.$post({ param: { id }, json: input })),
  removeOverride: (id: string, override: string) =>
    json(onCall[':id'].overrides[':override'].$delete({ param: { id, override } })),
  renewCalendar: (id: string) => json(onCall[':id'].calendar.renew.$post({ param: { id } })),
  policies: () => json(escalationPolicies.$get()),
  policyMonitors: (id: string) => json(escalationPolicies[':id'].monitors.$get({ param: { id } })),
  createPolicy: (input: CreateEscalationPolicy) => json(escalationPolicies.$post({ json: input })),
  changePolicy: (id: string, change: ChangeEscalationPolicy) =>
    json(escalationPolicies[':id'].$patch({ param: { id }, json: change })),
  deletePolicy: (id: string) => json(escalationPolicies[':id'].$delete({ param: { id } })),
  deliveries: (filter: DeliveryFilter, cursor?: string) => json(deliveries.$get({ query: { ...filter, cursor } })),
  digest: (id: string) => json(digests[':id'].$get({ param: { id } })),
  overdue: () => json(deliveries.overdue.$get()),
  retryDelivery: (id: string) => json(deliveries[':id'].retry.$post({ param: { id } })),

  statusPages: (cursor?: string) => json(statusPages.$get({ query: { cursor } })),
  statusPage: (id: string) => json(statusPages[':id'].$get({ param: { id } })),
  createStatusPage: (input: StatusPageInput) => json(statusPages.$post({ json: input })),
  changeStatusPage: (id: string, input: StatusPageInput & Seen) =>
    json(statusPages[':id'].$patch({ param: { id }, json: input })),
  deleteStatusPage: (id: string) => done(statusPages[':id'].$delete({ param: { id } })),
};
