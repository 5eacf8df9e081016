import type {
  IncidentView,
  MonitorListItem,
  MonitorView,
  Page,
  StatusPageView,
  TickView,
  UptimeView,
} from '../../worker/api/views.ts';
import type { ChangeMonitor, CreateMonitorInput } from '../../worker/domain/monitor.ts';
import type { Region } from '../../worker/domain/region.ts';
import type { Verdict } from '../../worker/domain/uptime.ts';
import { sessionFetch } from './session.ts';

export interface MonitorFilter {
  search?: string;
  verdict?: Verdict;
  tag?: string;
}

export interface Me {
  user: { id: string; email: string };
  team: { id: string; name: string; role: string };
}

export interface StatusPageInput {
  slug: string;
  name: string;
  monitorIds: string[];
  publicNames?: Record<string, string>;
}

const send = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
  const response = await sessionFetch(`/api/v1${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return (response.status === 204 ? undefined : await response.json()) as T;
};

const query = (params: Record<string, string | undefined>) => {
  const given = Object.entries(params).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return given.length > 0 ? `?${new URLSearchParams(given)}` : '';
};

export const api = {
  signUp: (input: { email: string; password: string }) => send<unknown>('POST', '/auth/signup', input),
  signIn: (input: { email: string; password: string }) => send<unknown>('POST', '/auth/signin', input),
  signOut: (input: { everywhere?: boolean }) => send<unknown>('POST', '/auth/signout', input),
  me: () => send<Me>('GET', '/me'),
  regions: () => send<{ data: { id: Region; name: string }[]; allowPrivateTargets: boolean }>('GET', '/regions'),

  monitors: (filter: MonitorFilter, cursor?: string) =>
    send<Page<MonitorListItem>>('GET', `/monitors${query({ ...filter, limit: '100', cursor })}`),
  monitor: (id: string) => send<MonitorView>('GET', `/monitors/${id}`),
  createMonitor: (input: CreateMonitorInput) => send<MonitorView>('POST', '/monitors', input),
  changeMonitor: (id: string, input: ChangeMonitor) => send<MonitorView>('PATCH', `/monitors/${id}`, input),
  deleteMonitor: (id: string) => send<void>('DELETE', `/monitors/${id}`),
  pauseMonitor: (id: string) => send<MonitorView>('POST', `/monitors/${id}/pause`),
  resumeMonitor: (id: string) => send<MonitorView>('POST', `/monitors/${id}/resume`),
  checkMonitor: (id: string) => send<unknown>('POST', `/monitors/${id}/check`),
  ticks: (id: string, from: string, to: string, cursor?: string) =>
    send<Page<TickView>>('GET', `/monitors/${id}/ticks${query({ from, to, cursor })}`),
  uptime: (id: string, from: string, to: string) =>
    send<UptimeView>('GET', `/monitors/${id}/uptime${query({ from, to })}`),

  incidents: (filter: { monitorId?: string; state?: 'open' | 'resolved' }, cursor?: string) =>
    send<Page<IncidentView>>('GET', `/incidents${query({ ...filter, cursor })}`),

  statusPages: () => send<Page<StatusPageView>>('GET', '/status-pages'),
  statusPage: (id: string) => send<StatusPageView>('GET', `/status-pages/${id}`),
  createStatusPage: (input: StatusPageInput) => send<StatusPageView>('POST', '/status-pages', input),
  changeStatusPage: (id: string, input: StatusPageInput) => send<StatusPageView>('PATCH', `/status-pages/${id}`, input),
  deleteStatusPage: (id: string) => send<void>('DELETE', `/status-pages/${id}`),
};
