import { Navigate, Route, Router, useParams } from '@solidjs/router';
import { QueryClientProvider } from '@tanstack/solid-query';
import { type Component, lazy, Show } from 'solid-js';
import { Shell } from './components/Shell.tsx';
import { createDocumentTitle } from './primitives/createTitle.ts';
import { createQueryClient } from './queryClient.ts';

/** Of another thing the page begins anew: a form of the one must not stand under the address of the other. */
const anew = (Page: Component) => () => {
  const params = useParams<{ id: string }>();
  return (
    <Show when={params.id} keyed>
      <Page />
    </Show>
  );
};

const SignIn = lazy(() => import('./pages/SignIn.tsx'));
const SignUp = lazy(() => import('./pages/SignUp.tsx'));
const Monitors = lazy(() => import('./pages/Monitors.tsx'));
const Monitor = lazy(() => import('./pages/Monitor.tsx'));
const MonitorNew = lazy(() => import('./pages/MonitorNew.tsx'));
const MonitorEdit = anew(lazy(() => import('./pages/MonitorEdit.tsx')));
const Reclassify = anew(lazy(() => import('./pages/Reclassify.tsx')));
const Incidents = lazy(() => import('./pages/Incidents.tsx'));
const Incident = anew(lazy(() => import('./pages/Incident.tsx')));
const Channels = lazy(() => import('./pages/Channels.tsx'));
const ChannelNew = lazy(() => import('./pages/ChannelNew.tsx'));
const ChannelEdit = anew(lazy(() => import('./pages/ChannelEdit.tsx')));
const Policies = lazy(() => import('./pages/Policies.tsx'));
const PolicyNew = lazy(() => import('./pages/PolicyNew.tsx'));
const PolicyEdit = anew(lazy(() => import('./pages/PolicyEdit.tsx')));
const OnCall = lazy(() => import('./pages/OnCall.tsx'));
const ScheduleNew = lazy(() => import('./pages/ScheduleNew.tsx'));
const Schedule = lazy(() => import('./pages/Schedule.tsx'));
const ScheduleEdit = anew(lazy(() => import('./pages/ScheduleEdit.tsx')));
const Deliveries = lazy(() => import('./pages/Deliveries.tsx'));
const Maintenance = lazy(() => import('./pages/Maintenance.tsx'));
const MaintenanceNew = lazy(() => import('./pages/MaintenanceNew.tsx'));
const MaintenanceEdit = anew(lazy(() => import('./pages/MaintenanceEdit.tsx')));
const StatusPages = lazy(() => import('./pages/StatusPages.tsx'));
const StatusPageNew = lazy(() => import('./pages/StatusPageNew.tsx'));
const StatusPageEdit = anew(lazy(() => import('./pages/StatusPageEdit.tsx')));
const Settings = lazy(() => import('./pages/Settings.tsx'));
const Audit = lazy(() => import('./pages/Audit.tsx'));
const NotFound = lazy(() => import('./pages/NotFound.tsx'));

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
          <Route path="/monitors" component={Monitors} />
          <Route path="/monitors/new" component={MonitorNew} />
          <Route path="/monitors/:id" component={Monitor} />
          <Route path="/monitors/:id/edit" component={MonitorEdit} />
          <Route path="/monitors/:id/reclassify" component={Reclassify} />
          <Route path="/incidents" component={Incidents} />
          <Route path="/incidents/:id" component={Incident} />
          <Route path="/alerts" component={Channels} />
          <Route path="/alerts/channels/new" component={ChannelNew} />
          <Route path="/alerts/channels/:id" component={ChannelEdit} />
          <Route path="/alerts/policy" component={Policies} />
          <Route path="/alerts/policy/new" component={PolicyNew} />
          <Route path="/alerts/policy/:id" component={PolicyEdit} />
          <Route path="/alerts/on-call" component={OnCall} />
          <Route path="/alerts/on-call/new" component={ScheduleNew} />
          <Route path="/alerts/on-call/:id" component={Schedule} />
          <Route path="/alerts/on-call/:id/edit" component={ScheduleEdit} />
          <Route path="/alerts/deliveries" component={Deliveries} />
          <Route path="/maintenance" component={Maintenance} />
          <Route path="/maintenance/new" component={MaintenanceNew} />
          <Route path="/maintenance/:id" component={MaintenanceEdit} />
          <Route path="/status-pages" component={StatusPages} />
          <Route path="/status-pages/new" component={StatusPageNew} />
          <Route path="/status-pages/:id" component={StatusPageEdit} />
          <Route path="/settings" component={Settings} />
          <Route path="/settings/audit" component={Audit} />
        </Route>
        <Route path="*" component={NotFound} />
      </Router>
    </QueryClientProvider>
  );
};
