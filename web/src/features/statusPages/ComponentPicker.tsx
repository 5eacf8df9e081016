import Plus from 'lucide-solid/icons/plus';
import { createSignal, createUniqueId, For, Show } from 'solid-js';
import { shownName } from '../../../../worker/domain/statusPages/statusPage.ts';
import { FieldNotes } from '../../ui/Field.tsx';
import { OrderButtons } from '../../ui/OrderButtons.tsx';
import type { createMonitorChoice } from '../monitors/createMonitorChoice.ts';

/** So many are offered at a glance; more are searched. */
const maxShown = 12;

/** The monitors of a status page, their order and their public names. */
export const ComponentPicker = (props: {
  choice: ReturnType<typeof createMonitorChoice>;
  chosen: string[];
  publicNames: Record<string, string>;
  error: string | undefined;
  nameError: (id: string) => string | undefined;
  onChoose: (ids: string[]) => void;
  onName: (id: string, name: string) => void;
}) => {
  const id = createUniqueId();
  const [said, setSaid] = createSignal('');
  const nameOf = (monitorId: string) => props.choice.nameOf(monitorId);
  const unnamed = (monitorId: string, position: number) => {
    const monitor = props.choice.known(monitorId);
    return monitor ? shownName({ publicName: null, name: monitor.name, address: monitor.address }, position) : '';
  };
  const others = () => props.choice.fitting().filter((monitor) => !props.chosen.includes(monitor.id));
  const isSearched = () => props.choice.typed() !== '' || props.choice.found.hasNextPage || others().length > maxShown;
  const move = (index: number, by: number) => {
    const order = [...props.chosen];
    const [moved] = order.splice(index, 1);
    if (!moved) return;
    order.splice(index + by, 0, moved);
    props.onChoose(order);
    setSaid(`${nameOf(moved)} is now number ${index + by + 1} of ${order.length}.`);
  };
  return (
    <fieldset class="field" aria-describedby={props.error ? `${id}-error` : `${id}-hint`}>
      <legend>Monitors on the page</legend>
      <Show when={props.chosen.length === 0}>
        <p class="nothing">None yet.</p>
      </Show>
      <ol class="components">
        <For each={props.chosen}>
          {(monitorId, index) => (
            <li class="component">
              <span class="component-name">{nameOf(monitorId)}</span>
              <input
                type="text"
                aria-label={`Public name of ${nameOf(monitorId)}`}
                aria-invalid={props.nameError(monitorId) ? 'true' : undefined}
                aria-describedby={props.nameError(monitorId) ? `${id}-${monitorId}` : undefined}
                placeholder={`Public name: ${unnamed(monitorId, index())}`}
                value={props.publicNames[monitorId] ?? ''}
                onInput={(event) => props.onName(monitorId, event.currentTarget.value)}
              />
              <span class="component-tools">
                <OrderButtons
                  what={nameOf(monitorId)}
                  removing={`Remove ${nameOf(monitorId)} from the page`}
                  isFirst={index() === 0}
                  isLast={index() === props.chosen.length - 1}
                  onMove={(by) => move(index(), by)}
                  onRemove={() => props.onChoose(props.chosen.filter((other) => other !== monitorId))}
                />
              </span>
              <Show when={props.nameError(monitorId)}>
                <p class="field-error" id={`${id}-${monitorId}`}>
                  {props.nameError(monitorId)}
                </p>
              </Show>
            </li>
          )}
        </For>
      </ol>
      <p class="visually-hidden" role="status">
        {said()}
      </p>
      <Show when={isSearched() || others().length > 0}>
        <fieldset class="field">
          <legend>Available monitors</legend>
          <Show when={isSearched()}>
            <input
              type="search"
              aria-label="Search monitors to add"
              placeholder="Search by name or address"
              autocomplete="off"
              value={props.choice.typed()}
              onInput={(event) => props.choice.setTyped(event.currentTarget.value)}
              onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
            />
          </Show>
          <div class="chips">
            <For each={others().slice(0, maxShown)}>
              {(monitor) => (
                <button
                  type="button"
                  class="chip"
                  aria-label={`Add ${monitor.name}`}
                  aria-invalid={props.error ? 'true' : undefined}
                  onClick={() => props.onChoose([...props.chosen, monitor.id])}
                >
                  <Plus size={16} aria-hidden="true" />
                  {monitor.name}
                </button>
              )}
            </For>
            <Show when={others().length === 0 && props.choice.typed() !== '' && props.choice.isSettled()}>
              <span class="caption">No other monitor matches.</span>
            </Show>
          </div>
          <Show when={others().length > maxShown || props.choice.found.hasNextPage}>
            <p class="caption">More monitors: search by name.</p>
          </Show>
        </fieldset>
      </Show>
      <FieldNotes
        id={id}
        error={props.error}
        hint="Visitors see the public name. Without one, they see the monitor name, unless it reveals the address."
      />
    </fieldset>
  );
};
