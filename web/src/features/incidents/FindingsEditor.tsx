import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, lazy, Show, Suspense } from 'solid-js';
import type { IncidentDetailView } from '../../../../worker/contract/views.ts';
import { api } from '../../app/cache/api.ts';
import { Field } from '../../ui/Field.tsx';
import { ProblemMessage } from '../../ui/ProblemMessage.tsx';
import { createAction } from '../../ui/primitives/createAction.ts';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { rememberIncident } from './queries.ts';

const Markdown = lazy(() => import('../../ui/Markdown.tsx'));

interface Findings {
  cause: string;
  postMortem: string;
}

type Described = Pick<IncidentDetailView, 'id' | 'describedAt'>;

/** `from`: the stored version when the editing began. */
export type FindingsDraft = Findings & { from: Findings };

export const FindingsEditor = (props: {
  incident: IncidentDetailView;
  draft: FindingsDraft;
  change: (draft: FindingsDraft | null) => void;
}) => {
  const client = useQueryClient();
  const [previewing, setPreviewing] = createSignal(false);
  const change = (part: Partial<Findings>) => {
    props.change({ ...props.draft, ...part });
    save.dismiss();
  };
  const overtaken = () =>
    (props.incident.cause ?? '') !== props.draft.from.cause ||
    (props.incident.postMortem ?? '') !== props.draft.from.postMortem;
  /** A save after the notice of another change replaces that change; a save before it is refused with the notice. */
  const save = createAction(async ({ id, describedAt }: Described, { cause, postMortem }: Findings) => {
    const described = await api
      .describeIncident(id, { cause, postMortem, describedAt })
      .finally(() => void client.invalidateQueries({ queryKey: ['incident', id] }));
    rememberIncident(client, described);
    props.change(null);
  });
  const unplaced = () => {
    const problem = save.problem();
    return problem && problem.fields.length === 0 ? problem : null;
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const { id, describedAt } = props.incident;
    void save.run({ id, describedAt }, props.draft);
  };
  return (
    <form class="form" onSubmit={submit}>
      <Field label="Cause" optional hint="One sentence." error={save.problem()?.field('cause')}>
        {(control) => (
          <input
            {...control}
            type="text"
            value={props.draft.cause}
            onInput={(event) => change({ cause: event.currentTarget.value })}
          />
        )}
      </Field>
      <Show when={!previewing()} fallback={<Preview text={props.draft.postMortem} />}>
        <Field
          label="Post-mortem"
          optional
          hint="Markdown: # heading, **bold**, - list, [link](https://…), `code`."
          error={save.problem()?.field('postMortem')}
        >
          {(control) => (
            <textarea
              {...control}
              rows={12}
              value={props.draft.postMortem}
              onInput={(event) => change({ postMortem: event.currentTarget.value })}
            />
          )}
        </Field>
      </Show>
      <Show when={overtaken() && !save.pending()}>
        <p class="overtaken" role="status">
          Another user saved a new version. Your version replaces it when you save.
        </p>
      </Show>
      <Show when={unplaced()}>{(problem) => <ProblemMessage error={problem()} />}</Show>
      <div class="form-actions">
        <button type="submit" class="button primary" disabled={save.pending()}>
          {save.pending() ? 'Saving…' : 'Save'}
        </button>
        <button type="button" class="button" aria-pressed={previewing()} onClick={() => setPreviewing(!previewing())}>
          {previewing() ? 'Edit' : 'Preview'}
        </button>
        <button type="button" class="button" disabled={save.pending()} onClick={() => props.change(null)}>
          Discard
        </button>
      </div>
    </form>
  );
};

const Preview = (props: { text: string }) => (
  <section class="preview" aria-label="Preview of the post-mortem">
    <Show when={props.text.trim()} fallback={<p class="nothing">Nothing to preview.</p>}>
      <Suspense fallback={<Skeleton rows={3} height="line" />}>
        <Markdown text={props.text} />
      </Suspense>
    </Show>
  </section>
);
