import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, For, Show } from 'solid-js';
import { api } from '../api.ts';
import { createAction } from '../primitives/createAction.ts';
import { meQuery } from '../queries.ts';
import { timeZones } from '../zoned.ts';
import { Field } from './Field.tsx';
import { ProblemMessage } from './ProblemMessage.tsx';

/** The time zone of the team; saved as soon as it is chosen. */
export const TeamTimeZone = (props: { timeZone: string }) => {
  const client = useQueryClient();
  const [said, setSaid] = createSignal('');
  const save = createAction(async (timeZone: string) => {
    client.setQueryData(meQuery().queryKey, await api.changeTeam({ timeZone }));
    setSaid(`Saved: ${timeZone}.`);
  });
  return (
    <section class="panel" aria-labelledby="zone-title">
      <h2 id="zone-title">Time zone of the team</h2>
      <Field
        label="Time zone"
        error={save.problem()?.field('timeZone')}
        hint="Maintenance is set and shown in it. Windows that are planned already stay where they are."
      >
        {(control) => (
          <select
            {...control}
            disabled={save.pending()}
            onChange={(event) => {
              setSaid('');
              void save.run(event.currentTarget.value);
            }}
          >
            <For each={timeZones(props.timeZone)}>
              {(zone) => (
                <option value={zone} selected={zone === props.timeZone}>
                  {zone.replaceAll('_', ' ')}
                </option>
              )}
            </For>
          </select>
        )}
      </Field>
      <p class="said" role="status">
        {said()}
      </p>
      <Show when={save.problem()}>{(problem) => <ProblemMessage error={problem()} />}</Show>
    </section>
  );
};
