import { createSignal, Show } from 'solid-js';
import type { IncidentDetailView } from '../../../../worker/contract/views.ts';
import { PastVerdict } from '../verdicts/PastVerdict.tsx';
import { pastVerdictQuery } from '../verdicts/queries.ts';
import '../verdicts/why.css';
import { useQuery } from '../../app/cache/query.ts';
import { guarded } from '../../ui/guarded.tsx';

/** Why the incident was opened, and why it was closed where that was not done by a person. */
export const IncidentVerdicts = guarded((props: { incident: IncidentDetailView }) => {
  const recoveredAt = () => props.incident.timeline.findLast((event) => event.kind === 'recovered')?.at;
  return (
    <section class="panel" aria-labelledby="why-title">
      <h2 id="why-title">Why this status?</h2>
      <Decision title="Opened" monitorId={props.incident.monitorId} at={props.incident.detectedAt} />
      <Show when={recoveredAt()}>
        {(at) => <Decision title="Recovered" monitorId={props.incident.monitorId} at={at()} />}
      </Show>
    </section>
  );
});

const Decision = (props: { title: string; monitorId: string; at: string }) => {
  const verdict = useQuery(() => pastVerdictQuery(props.monitorId, props.at));
  const [open, setOpen] = createSignal(false);
  return (
    <details class="decision" data-testid="decision" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <b>{props.title}</b>
        <span class="change-sentence">{verdict.isPending ? '…' : (verdict.data?.sentence ?? '')}</span>
      </summary>
      <Show when={open()}>
        <PastVerdict monitorId={props.monitorId} at={props.at} />
      </Show>
    </details>
  );
};
