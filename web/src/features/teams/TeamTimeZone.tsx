import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, Show } from 'solid-js';
import { api } from '../../app/cache/api.ts';
import { remember } from '../../app/cache/queryClient.ts';
import { ProblemMessage } from '../../ui/ProblemMessage.tsx';
import { createAction } from '../../ui/primitives/createAction.ts';
import { TimeZoneField } from '../../ui/TimeZoneField.tsx';
import { meQuery } from './queries.ts';

/** The time zone of the team; saved as soon as it is chosen. */
export const TeamTimeZone = (props: { timeZone: string }) => {
  const client = useQueryClient();
  const [said, setSaid] = createSignal('');
  const [chosen, setChosen] = createSignal(props.timeZone);
  const save = createAction(async (timeZone: string) => {
    remember(client, meQuery().queryKey, await api.changeTeam({ timeZone }));
    setSaid(`Saved: ${timeZone}.`);
  });
  const choose = (timeZone: string) => {
    setSaid('');
    setChosen(timeZone);
    void save.run(timeZone);
  };
  return (
    <section class="panel" aria-labelledby="zone-title">
      <h2 id="zone-title">Team time zone</h2>
      <TimeZoneField
        timeZone={props.timeZone}
        error={save.problem()?.field('timeZone')}
        hint="New maintenance windows and lists use this time zone. Existing windows keep their times."
        disabled={save.pending()}
        onChange={choose}
      />
      <p class="said" role="status">
        {said()}
      </p>
      <Show when={save.problem()}>
        {(problem) => <ProblemMessage error={problem()} retry={() => choose(chosen())} />}
      </Show>
    </section>
  );
};
