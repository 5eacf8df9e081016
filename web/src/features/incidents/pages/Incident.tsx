import { A, useParams } from '@solidjs/router';
import ArrowLeft from 'lucide-solid/icons/arrow-left';
import { Match, Show, Switch } from 'solid-js';
import type { IncidentDetailView } from '../../../../../worker/contract/views.ts';
import { duration } from '../../../lib/format.ts';
import { now } from '../../../lib/now.ts';
import { Notice } from '../../../ui/Notice.tsx';
import { ProblemMessage } from '../../../ui/ProblemMessage.tsx';
import { createTitle } from '../../../ui/primitives/createTitle.ts';
import { Skeleton } from '../../../ui/Skeleton.tsx';
import { Clock } from '../../../ui/Time.tsx';
import { Notifications } from '../../deliveries/Notifications.tsx';
import { RunbookLink } from '../../monitors/RunbookLink.tsx';
import { CommentForm } from '../CommentForm.tsx';
import { IncidentActions } from '../IncidentActions.tsx';
import { IncidentEnd } from '../IncidentEnd.tsx';
import { IncidentFindings } from '../IncidentFindings.tsx';
import { IncidentTimeline } from '../IncidentTimeline.tsx';
import { IncidentVerdicts } from '../IncidentVerdicts.tsx';
import { incidentLength, incidentReason, incidentState, incidentTime } from '../incident.ts';
import { incidentQuery } from '../queries.ts';
import '../../monitors/monitor.css';
import '../../../ui/styles/form.css';
import '../incident.css';
import { useQuery } from '../../../app/cache/query.ts';

export default function Incident() {
  const params = useParams<{ id: string }>();
  const incident = useQuery(() => incidentQuery(params.id));
  const known = () => (incident.isPending ? undefined : incident.data);
  createTitle(() => known() && `Incident of ${known()?.monitorName}`);
  return (
    <div class="page narrow">
      <A href="/incidents" class="back">
        <ArrowLeft size={16} aria-hidden="true" />
        All incidents
      </A>
      <Switch>
        {/* Keyed by the incident: drafts belong to one. */}
        <Match when={known()?.id} keyed>
          <Detail incident={known() as IncidentDetailView} />
        </Match>
        <Match when={incident.isPending}>
          <Skeleton rows={1} height="card" />
          <Skeleton rows={4} height="row" />
        </Match>
        <Match when={incident.isError}>
          <ProblemMessage error={incident.error} retry={() => void incident.refetch()} />
        </Match>
      </Switch>
    </div>
  );
}

const Detail = (props: { incident: IncidentDetailView }) => (
  <>
    <Headline incident={props.incident} />
    <IncidentActions incident={props.incident} />
    <section class="panel" aria-labelledby="timeline-title">
      <h2 id="timeline-title">Timeline</h2>
      <Show
        when={props.incident.timeline.length > 0}
        fallback={<p class="nothing">No events. Incidents from before the timeline feature have none.</p>}
      >
        <IncidentTimeline events={props.incident.timeline} />
      </Show>
      <CommentForm incidentId={props.incident.id} />
    </section>
    <Notifications of={{ incidentId: props.incident.id }} />
    <IncidentVerdicts incident={props.incident} />
    <IncidentFindings incident={props.incident} />
  </>
);

const Headline = (props: { incident: IncidentDetailView }) => (
  <header class="headline incident" data-state={props.incident.state} data-testid="incident-headline">
    <div class="headline-verdict">
      <span class="incident-state" data-reclassified={props.incident.reclassifiedAs}>
        {incidentState(props.incident)}
      </span>
      <span class="since">
        {props.incident.state === 'open' ? 'for' : 'after'} {duration(incidentLength(props.incident, now()))}
      </span>
    </div>
    <h1>{incidentReason(props.incident)}</h1>
    <Show when={incidentTime(props.incident)}>
      {(text) => (
        <p class="caption" data-testid="incident-time">
          {text()}
        </p>
      )}
    </Show>
    <p class="headline-target">
      <A href={`/monitors/${props.incident.monitorId}`}>{props.incident.monitorName}</A>
      <RunbookLink url={props.incident.runbookUrl} />
      <span class="caption">
        <Clock at={props.incident.startedAt} />
        {' – '}
        <IncidentEnd incident={props.incident} />
      </span>
    </p>
    <Show when={props.incident.state === 'open' && props.incident.paused}>
      <Notice>
        <strong>The monitor is paused:</strong> Pharos does not check for recovery, and the escalation is on hold.
        Resume the monitor, or resolve the incident manually.
      </Notice>
    </Show>
  </header>
);
