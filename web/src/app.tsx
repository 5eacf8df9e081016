import { Navigate, Route, Router, useParams } from '@solidjs/router';
import { QueryClientProvider } from '@tanstack/solid-query';
import { type Component, lazy, Show } from 'solid-js';
import { SettledPage } from './components/SettledPage.tsx';
import { Shell } from './components/Shell.tsx';
import { createDocumentTitle } from './primitives/createTitle.ts';
import { createQueryClient } from './queryClient.ts';

/** Of another thing the page begins again: neither a form nor a dialog of the one stands under the address of the other. */
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
  ['/monitors', () => import('./pages/Monitors.tsx')],
  ['/monitors/new', () => import('./pages/MonitorNew.tsx')],
  ['/monitors/:id', () => import('./pages/Monitor.tsx')],
  ['/monitors/:id/edit', () => import('./pages/MonitorEdit.tsx')],
  ['/monitors/:id/reclassify', () => import('./pages/Reclassify.tsx')],
  ['/incidents', () => import('./pages/Incidents.tsx')],
  ['/incidents/:id', () => import('./pages/Incident.tsx')],
  ['/alerts', () => import('./pages/Channels.tsx')],
  ['/alerts/channels/new', () => import('./pages/ChannelNew.tsx')],
  ['/alerts/channels/:id', () => import('./pages/ChannelEdit.tsx')],
  ['/alerts/policy', () => import('./pages/Policies.tsx')],
  ['/alerts/policy/new', () => import('./pages/PolicyNew.tsx')],
  ['/alerts/policy/:id', () => import('./pages/PolicyEdit.tsx')],
  ['/alerts/on-call', () => import('./pages/OnCall.tsx')],
  ['/alerts/on-call/new', () => import('./pages/ScheduleNew.tsx')],
  ['/alerts/on-call/:id', () => import('./pages/Schedule.tsx')],
  ['/alerts/on-call/:id/edit', () => import('./pages/ScheduleEdit.tsx')],
  ['/alerts/deliveries', () => import('./pages/Deliveries.tsx')],
  ['/maintenance', () => import('./pages/Maintenance.tsx')],
  ['/maintenance/new', () => import('./pages/MaintenanceNew.tsx')],
  ['/maintenance/:id', () => import('./pages/MaintenanceEdit.tsx')],
  ['/status-pages', () => import('./pages/StatusPages.tsx')],
  ['/status-pages/new', () => import('./pages/StatusPageNew.tsx')],
  ['/status-pages/:id', () => import('./pages/StatusPageEdit.tsx')],
  ['/settings', () => import('./pages/Settings.tsx')],
  ['/settings/audit', () => import('./pages/Audit.tsx')],
];

const pageOf = ([path, load]: (typeof pages)[number]) => {
  const Page = settled(lazy(load));
  return { path, component: path.includes(':id') ? byId(Page) : Page };
};

const SignIn = lazy(() => import('./pages/SignIn.tsx'));
const SignUp = lazy(() => import('./pages/SignUp.tsx'));
const NotFound = lazy(() => import('./pages/NotFound.tsx'));
const places = pages.map(pageOf);

export const App = () => {
  createDocumentTitle();
  // Not inline: a property of a component is read anew each time, and each reading would make another cache.
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
