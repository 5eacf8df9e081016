import Pencil from 'lucide-solid/icons/pencil';
import { lazy, Show, Suspense } from 'solid-js';
import type { IncidentDetailView } from '../../../../worker/contract/views.ts';
import { guarded } from '../../ui/guarded.tsx';
import { createDraft } from '../../ui/primitives/createDraft.ts';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { type FindingsDraft, FindingsEditor } from './FindingsEditor.tsx';

const Markdown = lazy(() => import('../../ui/Markdown.tsx'));

/** Cause and post-mortem, for reading and editing. */
export const IncidentFindings = guarded((props: { incident: IncidentDetailView }) => {
  const [draft, setDraft] = createDraft<FindingsDraft>(`findings:${props.incident.id}`);
  const begin = () => {
    const cause = props.incident.cause ?? '';
    const postMortem = props.incident.postMortem ?? '';
    setDraft({ cause, postMortem, from: { cause, postMortem } });
  };
  return (
    <section class="panel findings" aria-labelledby="findings-title">
      <div class="findings-head">
        <h2 id="findings-title">Cause and post-mortem</h2>
        <Show when={draft() === null}>
          <button type="button" class="button small" onClick={begin}>
            <Pencil size={16} aria-hidden="true" />
            {props.incident.cause || props.incident.postMortem ? 'Edit' : 'Write'}
          </button>
        </Show>
      </div>
      <Show when={draft()} fallback={<Findings cause={props.incident.cause} postMortem={props.incident.postMortem} />}>
        {(current) => <FindingsEditor incident={props.incident} draft={current()} change={setDraft} />}
      </Show>
    </section>
  );
});

const Findings = (props: { cause: string | null; postMortem: string | null }) => (
  <Show when={props.cause || props.postMortem} fallback={<p class="nothing">No cause or post-mortem yet.</p>}>
    <Show when={props.cause}>
      <p class="cause">{props.cause}</p>
    </Show>
    <Show when={props.postMortem}>
      {(text) => (
        <Suspense fallback={<Skeleton rows={3} height="line" />}>
          <Markdown text={text()} />
        </Suspense>
      )}
    </Show>
  </Show>
);
