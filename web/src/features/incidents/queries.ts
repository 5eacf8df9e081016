import type { QueryClient } from '@tanstack/solid-query';
import type { IncidentDetailView } from '../../../../worker/contract/views.ts';
import { api } from '../../app/cache/api.ts';
import { paged, question } from '../../app/cache/query.ts';
import { remember } from '../../app/cache/queryClient.ts';

export const incidentsQuery = (filter: { monitorId?: string; state?: 'open' | 'resolved' }) =>
  paged({
    queryKey: ['incidents', filter],
    identity: ['id', 'region', 'at'],
    queryFn: ({ pageParam }) => api.incidents(filter, pageParam),
  });

export const incidentQuery = (id: string) =>
  question({ queryKey: ['incident', id], identity: ['id', 'region', 'at', 'name'], queryFn: () => api.incident(id) });

/** Puts the answer to a change where the screens read it; lists ask again. */
export const rememberIncident = (client: QueryClient, incident: IncidentDetailView): void => {
  remember(client, incidentQuery(incident.id).queryKey, incident);
  void client.invalidateQueries({ queryKey: ['incidents'] });
};
