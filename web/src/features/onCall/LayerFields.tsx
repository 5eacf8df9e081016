import X from 'lucide-solid/icons/x';
import { For, Show } from 'solid-js';
import type { PersonView } from '../../../../worker/contract/views.ts';
import { rotationUnits } from '../../../../worker/domain/onCall/onCallSchedule.ts';
import { Field } from '../../ui/Field.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { TimeInput } from '../../ui/TimeInput.tsx';
import { WeeklyHoursFields } from '../../ui/WeeklyHoursFields.tsx';
import type { LayerDraft } from './scheduleDraft.ts';
import { Turns } from './Turns.tsx';

const unitWords = { hours: 'hours', days: 'days', weeks: 'weeks' } satisfies Record<LayerDraft['unit'], string>;

/** One rotation of a schedule. */
export const LayerFields = (props: {
  number: number;
  layer: LayerDraft;
  people: PersonView[];
  /** Errors by the path within the layer. */
  error: (path: string) => string | undefined;
  onChange: (part: Partial<LayerDraft>) => void;
  onLeave: (path: string) => void;
  /** Undefined for the only one. */
  onRemove: (() => void) | undefined;
}) => {
  const called = () => `layer ${props.number}`;
  return (
    <li class="layer" data-testid="layer">
      <div class="step-head">
        <h2>Layer {props.number}</h2>
        <Show when={props.onRemove}>
          {(remove) => (
            <button type="button" class="icon-button" aria-label={`Remove ${called()}`} onClick={() => remove()()}>
              <X size={18} aria-hidden="true" />
            </button>
          )}
        </Show>
      </div>
      <TextField
        label="Layer name"
        value={props.layer.name}
        error={props.error('name')}
        onInput={(name) => props.onChange({ name })}
        onLeave={() => props.onLeave('name')}
      />
      <Turns
        layer={called()}
        participants={props.layer.participants}
        people={props.people}
        error={props.error('participants')}
        onChange={(participants) => props.onChange({ participants })}
      />
      <div class="field-row two">
        <TextField
          decimal
          label="Shift length"
          value={props.layer.every}
          error={props.error('rotation.count')}
          onInput={(every) => props.onChange({ every })}
          onLeave={() => props.onLeave('rotation.count')}
        />
        <Field label="Unit">
          {(control) => (
            <select
              {...control}
              onChange={(event) => props.onChange({ unit: event.currentTarget.value as LayerDraft['unit'] })}
            >
              <For each={rotationUnits}>
                {(unit) => (
                  <option value={unit} selected={unit === props.layer.unit}>
                    {unitWords[unit]}
                  </option>
                )}
              </For>
            </select>
          )}
        </Field>
      </div>
      <Field
        label="First handover"
        error={props.error('startsAt')}
        hint="Later handovers keep this local time, including daylight saving time."
      >
        {(control) => (
          <TimeInput
            control={control}
            type="datetime-local"
            value={props.layer.startsAt}
            onInput={(startsAt) => props.onChange({ startsAt })}
            onLeave={() => props.onLeave('startsAt')}
          />
        )}
      </Field>
      <fieldset class="field">
        <legend>Limit to certain hours</legend>
        <p class="field-hint">
          {props.layer.hours.length === 0
            ? 'This layer always applies. Outside the hours that you add, earlier layers apply.'
            : 'Outside these hours, earlier layers apply. The rotation continues.'}
        </p>
        <WeeklyHoursFields
          hours={props.layer.hours}
          error={(path) => props.error(path === '' ? 'hours' : `hours.${path}`)}
          onChange={(hours) => props.onChange({ hours })}
        />
      </fieldset>
    </li>
  );
};
