import { useQueryClient } from '@tanstack/solid-query';
import { Show } from 'solid-js';
import { api } from '../../app/cache/api.ts';
import { Field } from '../../ui/Field.tsx';
import { ProblemMessage } from '../../ui/ProblemMessage.tsx';
import { createAction } from '../../ui/primitives/createAction.ts';
import { createDraft } from '../../ui/primitives/createDraft.ts';
import { rememberIncident } from './queries.ts';

/** Adds to the timeline. What was typed stays until it is stored. */
export const CommentForm = (props: { incidentId: string }) => {
  const client = useQueryClient();
  const [draft, setDraft] = createDraft<{ text: string }>(`comment:${props.incidentId}`);
  const send = createAction(async (id: string, text: string) => {
    rememberIncident(client, await api.commentIncident(id, text));
    // Somebody may have typed on while it was sent.
    if (draft()?.text === text) setDraft(null);
  });
  const text = () => draft()?.text ?? '';
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (text().trim() !== '') void send.run(props.incidentId, text());
  };
  return (
    <form class="comment-form" onSubmit={submit}>
      <Field label="Comment" error={send.problem()?.field('text')}>
        {(control) => (
          <textarea
            {...control}
            rows={3}
            value={text()}
            placeholder="Observations and actions"
            onInput={(event) => {
              setDraft({ text: event.currentTarget.value });
              send.dismiss();
            }}
          />
        )}
      </Field>
      <Show when={send.problem()?.field('text') ? null : send.problem()}>
        {(problem) => <ProblemMessage error={problem()} />}
      </Show>
      <button type="submit" class="button" disabled={send.pending() || text().trim() === ''}>
        {send.pending() ? 'Adding…' : 'Add comment'}
      </button>
    </form>
  );
};
