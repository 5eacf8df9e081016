import { createUniqueId, For } from 'solid-js';
import { type ChoosableEvent, choosableEvents } from '../../../../worker/domain/escalation/policy.ts';
import { choosableEventWords } from '../../alertWords.ts';
import { FieldNotes } from '../Field.tsx';

const told = choosableEvents.filter((event) => event in choosableEventWords) as (keyof typeof choosableEventWords)[];

/** Of what the policy tells. */
export const EscalationEvents = (props: {
  chosen: ChoosableEvent[];
  tellAcknowledgement: boolean;
  error: string | undefined;
  onChange: (change: { events?: ChoosableEvent[]; tellAcknowledgement?: boolean }) => void;
}) => {
  const id = createUniqueId();
  const choose = (event: ChoosableEvent, isChosen: boolean) =>
    props.onChange({
      events: choosableEvents.filter((known) => (known === event ? isChosen : props.chosen.includes(known))),
    });
  return (
    <fieldset class="field" aria-describedby={props.error ? `${id}-error` : undefined}>
      <legend>What is told</legend>
      <div class="region-choices">
        <For each={told}>
          {(event) => (
            <label class="check">
              <input
                type="checkbox"
                checked={props.chosen.includes(event)}
                aria-invalid={props.error ? 'true' : undefined}
                onChange={(change) => choose(event, change.currentTarget.checked)}
              />
              {choosableEventWords[event]}
            </label>
          )}
        </For>
        <label class="check">
          <input
            type="checkbox"
            checked={props.tellAcknowledgement}
            onChange={(change) => props.onChange({ tellAcknowledgement: change.currentTarget.checked })}
          />
          Acknowledged by somebody
        </label>
      </div>
      <FieldNotes id={id} error={props.error} />
    </fieldset>
  );
};
