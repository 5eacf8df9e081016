import Plus from 'lucide-solid/icons/plus';
import { createMemo, Index, Show } from 'solid-js';
import type { PersonView } from '../../../../worker/contract/views.ts';
import type { CreateOnCallSchedule, Override } from '../../../../worker/domain/onCall/onCallSchedule.ts';
import { now } from '../../lib/now.ts';
import { Form } from '../../ui/Form.tsx';
import { createForm } from '../../ui/primitives/createForm.ts';
import { TextInput } from '../../ui/TextInput.tsx';
import { TimeZoneField } from '../../ui/TimeZoneField.tsx';
import { LayerFields } from './LayerFields.tsx';
import {
  coverageText,
  emptyLayer,
  type LayerDraft,
  type ScheduleDraft,
  scheduleInput,
  scheduleProblems,
} from './scheduleDraft.ts';
import '../channels/alerts.css';
import './onCall.css';

const maxLayers = 10;

/** Creates or changes a schedule, and shows gaps while it is filled in. */
export const ScheduleForm = (props: {
  initial: ScheduleDraft;
  /** The key that restores the draft after a reload. */
  draftKey: string;
  overrides: readonly Override[];
  people: PersonView[];
  button: string;
  back: string;
  save: (input: CreateOnCallSchedule) => Promise<unknown>;
}) => {
  const form = createForm({
    initial: props.initial,
    draftKey: props.draftKey,
    problems: scheduleProblems,
    input: scheduleInput,
    save: (input: CreateOnCallSchedule) => props.save(input),
  });
  const setLayers = (layers: LayerDraft[]) => form.change({ layers });
  let list: HTMLOListElement | undefined;
  /** The focus goes to the name of a layer that comes, and of the one in the place of a layer that goes. */
  const focusLayer = (index: number) => list?.children[index]?.querySelector('input')?.focus();
  const addLayer = () => {
    setLayers([...form.plain().layers, emptyLayer(form.draft.layers.length + 1, form.draft.timeZone, Date.now())]);
    focusLayer(form.draft.layers.length - 1);
  };
  const removeLayer = (index: number) => {
    setLayers(form.plain().layers.filter((_, i) => i !== index));
    focusLayer(Math.min(index, form.draft.layers.length - 1));
  };
  const coverage = createMemo(() => {
    const problem = form.firstProblem();
    if (problem) return `Incomplete. ${problem}`;
    return coverageText({ ...scheduleInput(form.draft), overrides: props.overrides }, now());
  });

  return (
    <Form form={form} button={props.button} cancel={props.back}>
      <div class="field-row two">
        <TextInput form={form} field="name" label="Name" placeholder="Operations" />
        <TimeZoneField
          timeZone={form.draft.timeZone}
          hint="All times of this schedule are in this time zone."
          error={form.error('timeZone')}
          onChange={(timeZone) => form.change({ timeZone })}
        />
      </div>
      <ol class="steps" ref={list}>
        <Index each={form.draft.layers}>
          {(layer, index) => (
            <LayerFields
              number={index + 1}
              layer={layer()}
              people={props.people}
              error={(path) => form.error(`layers.${index}.${path}`)}
              onChange={(part) =>
                setLayers(form.plain().layers.map((one, i) => (i === index ? { ...one, ...part } : one)))
              }
              onLeave={(path) => form.leave(`layers.${index}.${path}`)}
              onRemove={form.draft.layers.length > 1 ? () => removeLayer(index) : undefined}
            />
          )}
        </Index>
      </ol>
      <Show when={form.draft.layers.length < maxLayers}>
        <div class="field">
          <button type="button" class="button small" onClick={addLayer}>
            <Plus size={16} aria-hidden="true" />
            Add layer
          </button>
          <p class="field-hint">
            A later layer overrides earlier layers during its hours, for example nights or weekends.
          </p>
        </div>
      </Show>
      <p class="alert-preview" aria-live="polite" data-testid="coverage">
        {coverage()}
      </p>
    </Form>
  );
};
