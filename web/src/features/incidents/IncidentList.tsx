import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import type { IncidentView } from '../../../../worker/contract/views.ts';
import { regionNames } from '../../../../worker/domain/checks/region.ts';
import { duration } from '../../lib/format.ts';
import { now } from '../../lib/now.ts';
import { guarded } from '../../ui/guarded.tsx';
import { Clock } from '../../ui/Time.tsx';
import { IncidentEnd } from './IncidentEnd.tsx';
import { incidentLength, incidentReason, incidentState } from './incident.ts';

const places = (incident: IncidentView) =>
  [...new Set(incident.evidence.map((evidence) => regionNames[evidence.region]))].join(' · ');

/** Incidents, newest first; the monitor is named where the list covers several. */
export const IncidentList = guarded((props: { incidents: IncidentView[]; named: boolean }) => (
  <ul class="incidents">
    <For each={props.incidents}>
      {(incident) => (
        <li class="incident" data-state={incident.state} data-testid="incident">
          <div class="incident-head">
            <span class="incident-state" data-reclassified={incident.reclassifiedAs}>
              {incidentState(incident)}
            </span>
            <Show when={props.named}>
              <A href={`/monitors/${incident.monitorId}`}>{incident.monitorName}</A>
            </Show>
            <span class="incident-length">{duration(incidentLength(incident, now()))}</span>
          </div>
          <p>
            <A href={`/incidents/${incident.id}`} class="incident-link">
              {incidentReason(incident)}
            </A>
            <Show when={incident.state === 'open' && incident.acknowledgedAt}>
              <span class="caption"> · acknowledged</span>
            </Show>
          </p>
          <Show when={incident.cause}>
            <p class="caption">{incident.cause}</p>
          </Show>
          <p class="caption">
            <Clock at={incident.startedAt} />
            {' – '}
            <IncidentEnd incident={incident} />
            <Show when={places(incident)}>{(names) => <> · seen from {names()}</>}</Show>
          </p>
        </li>
      )}
    </For>
  </ul>
));
