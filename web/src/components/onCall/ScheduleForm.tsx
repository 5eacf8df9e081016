import { A } from '@solidjs/router';
import Plus from 'lucide-solid/icons/plus';
import { createMemo, Index, Show } from 'solid-js';
import { createStore, unwrap } from 'solid-js/store';
import type { PersonView } from '../../../../worker/api/views.ts';
import type { CreateOnCallSchedule, Override } from '../../../../worker/domain/onCallSchedule.ts';
import { afterPress } from '../../primitives/afterPress.ts';
import { createAction } from '../../primitives/createAction.ts';
import { createDraft } from '../../primitives/createDraft.ts';
import { now } from '../../primitives/now.ts';
import {
  coverageText,
  emptyLayer,
  type LayerDraft,
  type ScheduleDraft,
  scheduleInput,
  scheduleProblems,
} from '../../scheduleDraft.ts';
import { Field } from '../Field.tsx';
import { ProblemMessage } from '../ProblemMessage.tsx';
import { TimeZoneField } from '../TimeZoneField.tsx';
import { LayerFields } from './LayerFields.tsx';
import '../../styles/form.css';
import '../../styles/alerts.css';
import '../../styles/onCall.css';

const maxLayers = 10;

/** Creates or changes a schedule, and says while it is filled in whether it leaves gaps. */
export const ScheduleForm = (props: {
  initial: ScheduleDraft;
  /** By what is typed is found again after a reload. */
  draftKey: string;
  overrides: readonly Override[];
  people: PersonView[];
  button: string;
  back: string;
  save: (input: CreateOnCallSchedule) => Promise<unknown>;
}) => {
  const [kept, keep] = createDraft<ScheduleDraft>(props.draftKey);
  const [draft, setDraft] = createStore(kept() ?? props.initial);
  const [left, setLeft] = createStore<Record<string, boolean>>({});
  const problems = createMemo(() => scheduleProblems(draft));
  const save = createAction(async (input: CreateOnCallSchedule) => {
    await props.save(input);
    keep(null);
  });
  let element: HTMLFormElement | undefined;

  const error = (path: string) =>
    (left[path] || left.all ? problems()[path] : undefined) ??
    save.problem()?.fields.find((field) => field.path === path || field.path.startsWith(`${path}.`))?.message;
  const leave = (path: string) => afterPress(() => setLeft(path, true));
  const change = (part: Partial<ScheduleDraft>) => {
    save.dismiss();
    setDraft(part);
    keep(unwrap(draft));
  };
  const setLayers = (layers: LayerDraft[]) => change({ layers });
  let list: HTMLOListElement | undefined;
  /** The focus goes to the name of a layer that comes, and of the one in the place of a layer that goes. */
  const focusLayer = (index: number) => list?.children[index]?.querySelector('input')?.focus();
  const addLayer = () => {
    setLayers([...unwrap(draft).layers, emptyLayer(draft.layers.length + 1, draft.timeZone, Date.now())]);
    focusLayer(draft.layers.length - 1);
  };
  const removeLayer = (index: number) => {
    setLayers(unwrap(draft).layers.filter((_, i) => i !== index));
    focusLayer(Math.min(index, draft.layers.length - 1));
  };
  const coverage = createMemo(() =>
    Object.keys(problems()).length === 0
      ? coverageText({ ...scheduleInput(draft), overrides: props.overrides }, now())
      : `Not clear yet. ${Object.values(problems())[0]}`,
  );
  const focusFirstInvalid = () => element?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  const onSubmit = async (event: SubmitEvent) => {
    event.preventDefault();
    setLeft('all', true);
    if (Object.keys(problems()).length > 0) return focusFirstInvalid();
    await save.run(scheduleInput(unwrap(draft)));
    if (save.problem()) focusFirstInvalid();
  };

  return (
    <form class="form panel" ref={element} onSubmit={onSubmit} noValidate>
      <div class="field-row two">
        <Field label="Name" error={error('name')}>
          {(control) => (
            <input
              {...control}
              type="text"
              autocomplete="off"
              placeholder="Operations"
              value={draft.name}
              onInput={(event) => change({ name: event.currentTarget.value })}
              onBlur={() => leave('name')}
            />
          )}
        </Field>
        <TimeZoneField
          timeZone={draft.timeZone}
          hint="All times here are on its clocks."
          error={error('timeZone')}
          onChange={(timeZone) => change({ timeZone })}
        />
      </div>
      <ol class="steps" ref={list}>
        <Index each={draft.layers}>
          {(layer, index) => (
            <LayerFields
              number={index + 1}
              layer={layer()}
              people={props.people}
              error={(path) => error(`layers.${index}.${path}`)}
              onChange={(part) =>
                setLayers(unwrap(draft).layers.map((one, i) => (i === index ? { ...one, ...part } : one)))
              }
              onLeave={(path) => leave(`layers.${index}.${path}`)}
              onRemove={draft.layers.length > 1 ? () => removeLayer(index) : undefined}
            />
          )}
        </Index>
      </ol>
      <Show when={draft.layers.length < maxLayers}>
        <div class="field">
          <button type="button" class="button small" onClick={addLayer}>
            <Plus size={16} aria-hidden="true" />
            Add layer
          </button>
          <p class="field-hint">
            A further layer comes before the others at the times at which it holds: for nights, or for weekends.
          </p>
        </div>
      </Show>
      <p class="alert-preview" aria-live="polite" data-testid="coverage">
        {coverage()}
      </p>
      <Show when={save.problem()}>{(problem) => <ProblemMessage error={problem()} />}</Show>
      <div class="form-actions">
        <button type="submit" class="button primary" disabled={save.pending()}>
          {save.pending() ? 'Saving…' : props.button}
        </button>
        <A href={props.back} class="button" onClick={() => keep(null)}>
          Cancel
        </A>
      </div>
    </form>
  );
};
