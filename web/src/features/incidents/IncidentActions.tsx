import { A } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import Check from 'lucide-solid/icons/circle-check';
import Reopen from 'lucide-solid/icons/rotate-ccw';
import Scale from 'lucide-solid/icons/scale';
import Take from 'lucide-solid/icons/user-check';
import { createSignal, lazy, Show, Suspense } from 'solid-js';
import type { IncidentDetailView } from '../../../../worker/contract/views.ts';
import { api } from '../../app/cache/api.ts';
import { now } from '../../lib/now.ts';
import { guarded } from '../../ui/guarded.tsx';
import { ProblemMessage } from '../../ui/ProblemMessage.tsx';
import { createAction } from '../../ui/primitives/createAction.ts';
import { incidentQuery, rememberIncident } from './queries.ts';

const ConfirmDialog = lazy(() => import('../../ui/ConfirmDialog.tsx'));

/** The form, filled in with the whole of the incident. */
const reclassifyHref = ({ id, monitorId, startedAt, endedAt }: IncidentDetailView) =>
  `/monitors/${monitorId}/reclassify?${new URLSearchParams({ from: startedAt, to: endedAt ?? '', incident: id })}`;

/** Acknowledge, resolve by hand, reopen, reclassify. */
export const IncidentActions = guarded((props: { incident: IncidentDetailView }) => {
  const client = useQueryClient();
  const [asking, setAsking] = createSignal(false);
  const isOpen = () => props.incident.state === 'open';
  const canReopen = () => {
    const until = props.incident.reopenableUntil;
    return until !== null && Date.parse(until) > now();
  };

  const acknowledge = createAction(async (id: string) => {
    const { queryKey } = incidentQuery(id);
    // An answer on its way was asked for before this.
    await client.cancelQueries({ queryKey });
    // Shown as done at once, and as it was before where it fails.
    const shownAs = (acknowledgedAt: string | null) =>
      client.setQueryData<IncidentDetailView>(queryKey, (known) => known && { ...known, acknowledgedAt });
    shownAs(new Date().toISOString());
    try {
      rememberIncident(client, await api.acknowledgeIncident(id));
    } catch (error) {
      shownAs(null);
      void client.invalidateQueries({ queryKey });
      throw error;
    }
  });
  const resolve = createAction(async (id: string) => {
    rememberIncident(client, await api.resolveIncident(id));
    setAsking(false);
  });
  const reopen = createAction(async (id: string) => rememberIncident(client, await api.reopenIncident(id)));

  return (
    <>
      <div class="actions">
        <Show when={isOpen() && props.incident.acknowledgedAt === null}>
          <button type="button" class="button primary" onClick={() => void acknowledge.run(props.incident.id)}>
            <Take size={18} aria-hidden="true" />
            Acknowledge
          </button>
        </Show>
        <Show when={isOpen()}>
          <button type="button" class="button" onClick={() => setAsking(true)}>
            <Check size={18} aria-hidden="true" />
            Resolve
          </button>
        </Show>
        <Show when={!isOpen() && canReopen()}>
          <button
            type="button"
            class="button"
            title="While the monitor is down, escalation restarts at the first step."
            disabled={reopen.pending()}
            onClick={() => void reopen.run(props.incident.id)}
          >
            <Reopen size={18} aria-hidden="true" />
            {reopen.pending() ? 'Reopening…' : 'Reopen'}
          </button>
        </Show>
        <Show when={!isOpen() && props.incident.reclassifiedAs === null}>
          <A href={reclassifyHref(props.incident)} class="button">
            <Scale size={18} aria-hidden="true" />
            Mark as false positive…
          </A>
        </Show>
        <Show when={props.incident.reclassifiedAs}>
          <A href={`/monitors/${props.incident.monitorId}#reclassified`} class="button">
            <Scale size={18} aria-hidden="true" />
            Show reclassification
          </A>
        </Show>
        <p class="said" role="status">
          {isOpen() && props.incident.acknowledgedAt !== null ? 'Acknowledged' : ''}
        </p>
      </div>
      <Show when={acknowledge.problem() ?? reopen.problem()}>{(problem) => <ProblemMessage error={problem()} />}</Show>
      <Show when={asking()}>
        <Suspense>
          <ConfirmDialog
            title="Resolve this incident?"
            confirm="Resolve incident"
            pending={resolve.pending()}
            problem={resolve.problem()}
            onConfirm={() => void resolve.run(props.incident.id)}
            onClose={() => setAsking(false)}
          >
            The incident ends now. The monitor keeps its status: if it is still down, it stays down and counts as down,
            and only an outage after its recovery opens a new incident. You can reopen this incident within 24 hours. If
            the monitor is down then, escalation restarts at the first step.
          </ConfirmDialog>
        </Suspense>
      </Show>
    </>
  );
});
