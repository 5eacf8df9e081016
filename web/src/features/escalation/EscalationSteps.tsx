import Plus from 'lucide-solid/icons/plus';
import { createSignal, Index, Show } from 'solid-js';
import { maxSteps, type Target } from '../../../../worker/domain/escalation/escalationPolicy.ts';
import { numberOf } from '../../lib/number.ts';
import { OrderButtons } from '../../ui/OrderButtons.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { moveStep, type StepDraft } from './escalationDraft.ts';
import { StepTargets } from './StepTargets.tsx';
import '../channels/alerts.css';

interface StepsProps {
  steps: StepDraft[];
  /** All possible recipients. */
  known: Target[];
  nameOf: (target: Target) => string;
  /** Errors by the API's path. */
  error: (path: string) => string | undefined;
  onChange: (steps: StepDraft[]) => void;
  onLeave: (path: string) => void;
}

/** Ten minutes after the last step. */
const nextDelay = (steps: readonly StepDraft[]) => {
  const last = numberOf(steps.at(-1)?.afterMinutes ?? '');
  if (steps.length === 0) return '0';
  return String(Number.isNaN(last) ? 10 : last + 10);
};

/** The recipients and delays: steps that can be added, removed and moved. */
export const EscalationSteps = (props: StepsProps) => {
  const [said, setSaid] = createSignal('');
  let list: HTMLOListElement | undefined;
  let adding: HTMLButtonElement | undefined;
  const change = (index: number, part: Partial<StepDraft>) =>
    props.onChange(props.steps.map((step, i) => (i === index ? { ...step, ...part } : step)));
  const focus = (index: number, selector: string) =>
    list?.children[index]?.querySelector<HTMLElement>(selector)?.focus();
  /** The focus goes along, to the other button where the step has come to an end of the list. */
  const move = (index: number, by: number) => {
    props.onChange(moveStep(props.steps, index, by));
    const to = index + by;
    setSaid(`Now step ${to + 1} of ${props.steps.length}.`);
    const isAtEnd = by < 0 ? to === 0 : to === props.steps.length - 1;
    const direction = by < 0 === isAtEnd ? 'down' : 'up';
    focus(to, `[data-move=${direction}]`);
  };
  const add = () => {
    props.onChange([...props.steps, { afterMinutes: nextDelay(props.steps), targets: [] }]);
    focus(props.steps.length - 1, 'input');
  };
  const remove = (index: number) => {
    props.onChange(props.steps.filter((_, i) => i !== index));
    setSaid(`Step ${index + 1} was removed.`);
    if (props.steps.length === 0) adding?.focus();
    else focus(Math.min(index, props.steps.length - 1), 'input');
  };
  return (
    <fieldset class="field">
      <legend>Outage steps</legend>
      <ol class="steps" ref={list}>
        <Index each={props.steps}>
          {(step, index) => (
            <li class="step" data-testid="step">
              <div class="step-head">
                <h2>Step {index + 1}</h2>
                <span class="component-tools">
                  <OrderButtons
                    what={`step ${index + 1}`}
                    isFirst={index === 0}
                    isLast={index === props.steps.length - 1}
                    onMove={(by) => move(index, by)}
                    onRemove={() => remove(index)}
                  />
                </span>
              </div>
              <TextField
                decimal
                label="Minutes after the start"
                hint={
                  index === 0 ? '0 means at once.' : 'Counted from the start of the outage, not from the previous step.'
                }
                value={step().afterMinutes}
                error={props.error(`steps.${index}.afterSeconds`)}
                onInput={(afterMinutes) => change(index, { afterMinutes })}
                onLeave={() => props.onLeave(`steps.${index}.afterSeconds`)}
              />
              <StepTargets
                number={index + 1}
                targets={step().targets}
                known={props.known}
                nameOf={props.nameOf}
                error={props.error(`steps.${index}.targets`)}
                onChange={(targets) => change(index, { targets })}
              />
            </li>
          )}
        </Index>
      </ol>
      <p class="visually-hidden" role="status">
        {said()}
      </p>
      <Show when={props.error('steps')}>
        <p class="field-error">{props.error('steps')}</p>
      </Show>
      <Show when={props.steps.length < maxSteps}>
        <button
          type="button"
          class="button small"
          ref={adding}
          aria-invalid={props.error('steps') ? 'true' : undefined}
          onClick={add}
        >
          <Plus size={16} aria-hidden="true" />
          Add step
        </button>
      </Show>
    </fieldset>
  );
};
