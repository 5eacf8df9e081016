import { A } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, For, Show } from 'solid-js';
import { maxReasonLength } from '../../../../worker/domain/history/reclassification.ts';
import type { ReclassifiedAs } from '../../../../worker/domain/history/uptime.ts';
import { api, type ReclassifiedTime } from '../../app/cache/api.ts';
import { recount } from '../../app/live/liveCache.ts';
import { zoneName } from '../../lib/format.ts';
import { now } from '../../lib/now.ts';
import { asProblem } from '../../lib/problem.ts';
import { Field } from '../../ui/Field.tsx';
import { ProblemMessage } from '../../ui/ProblemMessage.tsx';
import { createAction } from '../../ui/primitives/createAction.ts';
import { createDraft } from '../../ui/primitives/createDraft.ts';
import { TimeInput } from '../../ui/TimeInput.tsx';
import { reclassificationPreviewQuery } from '../verdicts/queries.ts';
import { ReclassificationEffect } from './ReclassificationEffect.tsx';
import { localText, type ReclassifyDraft, reclassifyProblems, utcText } from './reclassifyDraft.ts';
import '../../ui/styles/form.css';
import './history.css';
import { useQuery } from '../../app/cache/query.ts';

const meanings: { as: ReclassifiedAs; title: string; text: string }[] = [
  {
    as: 'false-positive',
    title: 'False positive',
    text: 'The target was fine. Down and degraded time counts as up.',
  },
  {
    as: 'maintenance',
    title: 'Maintenance',
    text: 'The work was planned. The whole period is excluded from uptime.',
  },
];

/** Time, class and reason of a reclassification, with its effect. The input stays until it is stored. */
export const ReclassifyForm = (props: {
  monitorId: string;
  from: string | undefined;
  to: string | undefined;
  cancelHref: string;
  saved: () => void;
}) => {
  const client = useQueryClient();
  const [typed, setTyped] = createDraft<ReclassifyDraft>(`reclassify:${props.monitorId}:${props.from ?? ''}`);
  const [sent, setSent] = createSignal(false);
  const draft = (): ReclassifyDraft =>
    typed() ?? { from: localText(props.from ?? ''), to: localText(props.to ?? ''), as: 'false-positive', reason: '' };
  const change = (part: Partial<ReclassifyDraft>) => {
    setTyped({ ...draft(), ...part });
    save.dismiss();
  };
  const input = () => ({
    ...draft(),
    from: utcText(draft().from, props.from),
    to: utcText(draft().to, props.to),
  });
  const time = (): ReclassifiedTime | null => {
    const { from, to, as } = input();
    return from !== null && to !== null ? { from, to, as } : null;
  };
  const preview = useQuery(() => ({
    ...reclassificationPreviewQuery(props.monitorId, time() ?? { from: '', to: '', as: 'maintenance' }),
    enabled: time() !== null,
  }));
  const refused = () => save.problem() ?? (preview.isError ? asProblem(preview.error) : null);
  const error = (field: keyof ReclassifyDraft) =>
    (sent() ? reclassifyProblems(input())[field] : undefined) ?? refused()?.field(field);
  let element: HTMLFormElement | undefined;
  const focusFirstInvalid = () => element?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  const save = createAction(async (monitorId: string, wanted: ReclassifiedTime & { reason: string }) => {
    await api.reclassify(monitorId, wanted);
    setTyped(null);
    recount(client);
    props.saved();
  });
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setSent(true);
    const wanted = time();
    if (!wanted || Object.keys(reclassifyProblems(input())).length > 0) return focusFirstInvalid();
    await save.run(props.monitorId, { ...wanted, reason: draft().reason });
    if (save.problem()) focusFirstInvalid();
  };

  const TimeField = (field: { name: 'from' | 'to'; label: string }) => (
    <Field
      label={field.label}
      error={error(field.name)}
      hint={`In your time zone, ${zoneName(Date.parse(input()[field.name] ?? '') || now())}.`}
    >
      {(control) => (
        <TimeInput
          control={control}
          type="datetime-local"
          step="1"
          value={draft()[field.name]}
          onInput={(value) => change({ [field.name]: value })}
        />
      )}
    </Field>
  );

  return (
    <form class="form panel" ref={element} onSubmit={submit} noValidate>
      <div class="field-row times">
        <TimeField name="from" label="From" />
        <TimeField name="to" label="To" />
      </div>
      <fieldset class="field choices">
        <legend>Count as</legend>
        <For each={meanings}>
          {(meaning) => (
            <label class="check meaning">
              <input
                type="radio"
                name="as"
                checked={draft().as === meaning.as}
                onChange={() => change({ as: meaning.as })}
              />
              <span>
                {meaning.title}
                <span class="caption">{meaning.text}</span>
              </span>
            </label>
          )}
        </For>
      </fieldset>
      <Field
        label="Reason"
        error={error('reason')}
        hint={`Visible to the team in the audit trail. At most ${maxReasonLength} characters.`}
      >
        {(control) => (
          <textarea
            {...control}
            rows={3}
            value={draft().reason}
            placeholder="Cause and evidence"
            onInput={(event) => change({ reason: event.currentTarget.value })}
          />
        )}
      </Field>
      <ReclassificationEffect preview={preview.isSuccess ? preview.data : undefined} as={draft().as} />
      <Show when={save.problem()}>{(problem) => <ProblemMessage error={problem()} />}</Show>
      <div class="form-actions">
        <button type="submit" class="button primary" disabled={save.pending()}>
          {save.pending() ? 'Saving…' : 'Reclassify'}
        </button>
        <A href={props.cancelHref} class="button" onClick={() => setTyped(null)}>
          Cancel
        </A>
      </div>
    </form>
  );
};
