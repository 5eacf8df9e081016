import { createUniqueId, For, Show } from 'solid-js';
import { votesNeeded } from '../../../../worker/domain/verdict/votesNeeded.ts';
import { FieldNotes } from '../../ui/Field.tsx';
import type { FieldsOf } from '../../ui/primitives/createForm.ts';
import type { PolicyDraft } from '../verdicts/checkPolicyDraft.ts';
import type { MonitorDraft } from './monitorDraft.ts';

type Choice = PolicyDraft['quorumChoice'];

const labels: [Choice, string][] = [
  ['any', 'Any one region'],
  ['majority', 'Most regions'],
  ['all', 'All regions'],
  ['number', 'A number of regions'],
];

const explanation = (choice: Choice, count: number): string => {
  if (choice === 'any') return 'Most alerts, including problems near a single region.';
  if (choice === 'number') return 'At least the number that you enter.';
  if (choice === 'all') return `No outage while one of the ${count} regions still gets a response.`;
  const most = votesNeeded('majority', count);
  return `${most} of ${count}. A failure near a single region stays a regional problem.`;
};

/** Number of regions, as a group of radio buttons. */
export const QuorumChoice = (props: { form: FieldsOf<MonitorDraft> }) => {
  const id = createUniqueId();
  const error = () => props.form.error('quorum');
  const count = () => props.form.draft.regions.length;
  const hint = () => (count() === 1 ? 'Only one region is selected, so this setting has no effect.' : undefined);
  const describedBy = () => [error() && `${id}-error`, hint() && `${id}-hint`].filter(Boolean).join(' ') || undefined;
  return (
    <fieldset class="field choices" aria-describedby={describedBy()}>
      <legend>Regions that must fail for an outage</legend>
      <For each={labels}>
        {([choice, label]) => (
          <label class="check explained">
            <input
              type="radio"
              name={`${id}-quorum`}
              checked={props.form.draft.quorumChoice === choice}
              onChange={() => props.form.change({ quorumChoice: choice })}
            />
            <span>
              {label}
              <Show when={count() > 1}>
                <small>{explanation(choice, count())}</small>
              </Show>
            </span>
          </label>
        )}
      </For>
      <Show when={props.form.draft.quorumChoice === 'number'}>
        <input
          type="text"
          inputmode="numeric"
          autocomplete="off"
          class="quorum-number"
          aria-label="Required regions"
          aria-invalid={error() ? 'true' : undefined}
          aria-describedby={describedBy()}
          value={props.form.draft.quorumNumber}
          onInput={(event) => props.form.change({ quorumNumber: event.currentTarget.value })}
          onBlur={() => props.form.leave('quorum')}
        />
      </Show>
      <FieldNotes id={id} error={error()} hint={hint()} />
    </fieldset>
  );
};
