import { createUniqueId, For, Show } from 'solid-js';
import { type ChoosableEvent, choosableEvents } from '../../../../worker/domain/escalation/escalationPolicy.ts';
import { FieldNotes } from '../../ui/Field.tsx';
import { choosableEventLabels, occurringEvents } from './alertLabels.ts';

/** The events that the policy notifies of. */
export const EscalationEvents = (props: {
  chosen: ChoosableEvent[];
  notifyOnAcknowledgement: boolean;
  error: string | undefined;
  onChange: (change: { events?: ChoosableEvent[]; notifyOnAcknowledgement?: boolean }) => void;
}) => {
  const id = createUniqueId();
  const choose = (event: ChoosableEvent, isChosen: boolean) =>
    props.onChange({
      events: choosableEvents.filter((known) => (known === event ? isChosen : props.chosen.includes(known))),
    });
  return (
    <fieldset class="field" aria-describedby={props.error ? `${id}-error` : undefined}>
      <legend>Notify on</legend>
      <div class="event-choices">
        <For each={occurringEvents}>
          {(event) => (
            <label class="check">
              <input
                type="checkbox"
                checked={props.chosen.includes(event)}
                aria-invalid={props.error ? 'true' : undefined}
                onChange={(change) => choose(event, change.currentTarget.checked)}
              />
              <Choice {...choosableEventLabels[event]} />
            </label>
          )}
        </For>
        <label class="check">
          <input
            type="checkbox"
            checked={props.notifyOnAcknowledgement}
            onChange={(change) => props.onChange({ notifyOnAcknowledgement: change.currentTarget.checked })}
          />
          <Choice label="Acknowledged" hint="A team member acknowledges the incident." />
        </label>
      </div>
      <FieldNotes id={id} error={props.error} />
    </fieldset>
  );
};

const Choice = (props: { label: string; hint?: string | undefined }) => (
  <span class="check-text">
    {props.label}
    <Show when={props.hint}>
      <span class="caption">{props.hint}</span>
    </Show>
  </span>
);
