import Plus from 'lucide-solid/icons/plus';
import { createSignal, createUniqueId, For, Index } from 'solid-js';
import type { PersonView } from '../../../../worker/contract/views.ts';
import { FieldNotes } from '../../ui/Field.tsx';
import { OrderButtons } from '../../ui/OrderButtons.tsx';
import { moved } from './scheduleDraft.ts';

/** The people of the rotation, in their order. A person who is added twice has two turns. */
export const Turns = (props: {
  layer: string;
  participants: string[];
  people: PersonView[];
  error: string | undefined;
  onChange: (participants: string[]) => void;
}) => {
  const id = createUniqueId();
  const [said, setSaid] = createSignal('');
  let list: HTMLOListElement | undefined;
  let people: HTMLDivElement | undefined;
  const nameOf = (personId: string) => props.people.find((one) => one.id === personId)?.name ?? 'Deleted person';
  const focus = (index: number, selector: string) =>
    list?.children[index]?.querySelector<HTMLElement>(selector)?.focus();
  /** The focus goes along, to the other button where the turn has come to an end of the list. */
  const move = (index: number, by: number) => {
    props.onChange(moved(props.participants, index, by));
    const to = index + by;
    setSaid(`Now number ${to + 1} of ${props.participants.length}.`);
    const isAtEnd = by < 0 ? to === 0 : to === props.participants.length - 1;
    focus(to, `[data-move=${by < 0 === isAtEnd ? 'down' : 'up'}]`);
  };
  const remove = (index: number, name: string) => {
    props.onChange(props.participants.filter((_, i) => i !== index));
    setSaid(`${name} was removed.`);
    if (props.participants.length === 0) people?.querySelector('button')?.focus();
    else focus(Math.min(index, props.participants.length - 1), '[data-remove]');
  };
  return (
    <fieldset class="field" aria-describedby={props.error ? `${id}-error` : `${id}-hint`}>
      <legend>
        Rotation<span class="visually-hidden"> of {props.layer}</span>
      </legend>
      <ol class="turns" ref={list}>
        <Index each={props.participants}>
          {(personId, index) => (
            <li data-testid="turn">
              <span class="turn-name">
                {index + 1}. {nameOf(personId())}
              </span>
              <OrderButtons
                what={nameOf(personId())}
                isFirst={index === 0}
                isLast={index === props.participants.length - 1}
                onMove={(by) => move(index, by)}
                onRemove={() => remove(index, nameOf(personId()))}
              />
            </li>
          )}
        </Index>
      </ol>
      <div class="chips" ref={people}>
        <For each={props.people}>
          {(person) => (
            <button
              type="button"
              class="chip"
              aria-label={`Add ${person.name}`}
              aria-invalid={props.error ? 'true' : undefined}
              onClick={() => props.onChange([...props.participants, person.id])}
            >
              <Plus size={16} aria-hidden="true" />
              {person.name}
            </button>
          )}
        </For>
      </div>
      <FieldNotes
        id={id}
        error={props.error}
        hint={
          props.people.length === 0
            ? 'No people yet. Add people under On-call, then select them here.'
            : 'Shifts rotate in this order.'
        }
      />
      <p class="visually-hidden" role="status">
        {said()}
      </p>
    </fieldset>
  );
};
