import Plus from 'lucide-solid/icons/plus';
import { createSignal, createUniqueId, For, Show } from 'solid-js';
import type { MonitorListItem } from '../../../../worker/api/views.ts';
import { shownName } from '../../../../worker/domain/statusPage.ts';
import { FieldNotes } from '../Field.tsx';
import { OrderButtons } from '../OrderButtons.tsx';

/** Which monitors a status page shows, in which order and under which public name. */
export const ComponentPicker = (props: {
  monitors: MonitorListItem[];
  chosen: string[];
  publicNames: Record<string, string>;
  error: string | undefined;
  nameError: (id: string) => string | undefined;
  onChoose: (ids: string[]) => void;
  onName: (id: string, name: string) => void;
}) => {
  const id = createUniqueId();
  const [said, setSaid] = createSignal('');
  const nameOf = (monitorId: string) => props.monitors.find((monitor) => monitor.id === monitorId)?.name ?? 'Monitor';
  const unnamed = (monitorId: string, position: number) => {
    const monitor = props.monitors.find((known) => known.id === monitorId);
    return monitor ? shownName({ publicName: null, name: monitor.name, address: monitor.url }, position) : '';
  };
  const others = () => props.monitors.filter((monitor) => !props.chosen.includes(monitor.id));
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
                  removing={`Take ${nameOf(monitorId)} off the page`}
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
      <fieldset class="chips" aria-label="Monitors to add">
        <For each={others()}>
          {(monitor) => (
            <button
              type="button"
              class="chip"
              aria-invalid={props.error ? 'true' : undefined}
              onClick={() => props.onChoose([...props.chosen, monitor.id])}
            >
              <Plus size={16} aria-hidden="true" />
              {monitor.name}
            </button>
          )}
        </For>
      </fieldset>
      <FieldNotes
        id={id}
        error={props.error}
        hint="Visitors see the public name. Without one they see the monitor's own, unless that would tell its address."
      />
    </fieldset>
  );
};
