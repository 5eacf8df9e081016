import { Navigate, Route, Router, useParams } from '@solidjs/router';
import { QueryClientProvider } from '@tanstack/solid-query';
import { type Component, lazy, Show } from 'solid-js';
import { createDocumentTitle } from '../ui/primitives/createTitle.ts';
import { createQueryClient } from './cache/queryClient.ts';
import { SettledPage } from './SettledPage.tsx';
import { Shell } from './Shell.tsx';

/** A different object gets a new page: forms and dialogs of one must not appear under the address of another. */
const byId = (Page: Component) => () => {
  const params = useParams<{ id: string }>();
  return (
    <Show when={params.id} keyed>
      <Page />
    </Show>
  );
};

const settled = (Page: Component) => () => (
  <SettledPage>
    <Page />
  </SettledPage>
);

type Load = () => Promise<{ default: Component }>;

/** The pages of a signed-in person. */
const pages: [path: string, load: Load][] = [
  ['/monitors', () => import('../features/monitors/pages/Monitors.tsx')],
  ['/monitors/new', () => import('../features/monitors/pages/MonitorNew.tsx')],
  ['/monitors/:id', () => import('../features/monitors/pages/Monitor.tsx')],
  ['/monitors/:id/edit', () => import('../features/monitors/pages/MonitorEdit.tsx')],
  ['/monitors/:id/reclassify', () => import('../features/history/pages/Reclassify.tsx')],
  ['/incidents', () => import('../features/incidents/pages/Incidents.tsx')],
  ['/incidents/:id', () => import('../features/incidents/pages/Incident.tsx')],
  ['/alerts', () => import('../features/channels/pages/Channels.tsx')],
  ['/alerts/channels/new', () => import('../features/channels/pages/ChannelNew.tsx')],
  ['/alerts/channels/:id', () => import('../features/channels/pages/ChannelEdit.tsx')],
  ['/alerts/policy', () => import('../features/escalation/pages/Policies.tsx')],
  ['/alerts/policy/new', () => import('../features/escalation/pages/PolicyNew.tsx')],
  ['/alerts/policy/:id', () => import('../features/escalation/pages/PolicyEdit.tsx')],
  ['/alerts/on-call', () => import('../features/onCall/pages/OnCall.tsx')],
  ['/alerts/on-call/new', () => import('../features/onCall/pages/ScheduleNew.tsx')],
  ['/alerts/on-call/:id', () => import('../features/onCall/pages/Schedule.tsx')],
  ['/alerts/on-call/:id/edit', () => import('../features/onCall/pages/ScheduleEdit.tsx')],
  ['/alerts/deliveries', () => import('../features/deliveries/pages/Deliveries.tsx')],
  ['/maintenance', () => import('../features/maintenance/pages/Maintenance.tsx')],
  ['/maintenance/new', () => import('../features/maintenance/pages/MaintenanceNew.tsx')],
  ['/maintenance/:id', () => import('../features/maintenance/pages/MaintenanceEdit.tsx')],
  ['/status-pages', () => import('../features/statusPages/pages/StatusPages.tsx')],
  ['/status-pages/new', () => import('../features/statusPages/pages/StatusPageNew.tsx')],
  ['/status-pages/:id', () => import('../features/statusPages/pages/StatusPageEdit.tsx')],
  ['/settings', () => import('../features/teams/pages/Settings.tsx')],
  ['/settings/audit', () => import('../features/audit/pages/Audit.tsx')],
];

const pageOf = ([path, load]: (typeof pages)[number]) => {
  const Page = settled(lazy(load));
  return { path, component: path.includes(':id') ? byId(Page) : Page };
};

const SignIn = lazy(() => import('../features/teams/pages/SignIn.tsx'));
const SignUp = lazy(() => import('../features/teams/pages/SignUp.tsx'));
const NotFound = lazy(() => import('./NotFound.tsx'));
const places = pages.map(pageOf);

export const App = () => {
  createDocumentTitle();
  // Not inline: a property of a component is read again each time, and each reading would make another cache.
  const client = createQueryClient();
  return (
    <QueryClientProvider client={client}>
      <Router>
        <Route path="/sign-in" component={SignIn} />
        <Route path="/sign-up" component={SignUp} />
        <Route path="/" component={() => <Navigate href="/monitors" />} />
        <Route component={Shell}>
          {places.map((place) => (
            <Route {...place} />
          ))}
        </Route>
        <Route path="*" component={NotFound} />
      </Router>
    </QueryClientProvider>
  );
};
