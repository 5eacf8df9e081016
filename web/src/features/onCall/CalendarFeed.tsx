import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, lazy, Show, Suspense } from 'solid-js';
import type { OnCallScheduleView } from '../../../../worker/contract/views.ts';
import { api } from '../../app/cache/api.ts';
import { remember } from '../../app/cache/queryClient.ts';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { guarded } from '../../ui/guarded.tsx';
import { createAction } from '../../ui/primitives/createAction.ts';
import { scheduleQuery } from './queries.ts';

const ConfirmDialog = lazy(() => import('../../ui/ConfirmDialog.tsx'));

/** The address by which calendar programs show the shifts. */
export const CalendarFeed = guarded((props: { schedule: OnCallScheduleView }) => {
  const client = useQueryClient();
  const [isAsking, setAsking] = createSignal(false);
  const [said, setSaid] = createSignal('');
  const renew = createAction(async (id: string) => {
    const renewed = await api.renewCalendar(id);
    remember(client, scheduleQuery(renewed.id).queryKey, renewed);
    setAsking(false);
    setSaid('New address created.');
  });
  return (
    <section class="panel people" aria-labelledby="feed-title">
      <h2 id="feed-title">Calendar subscription</h2>
      <p>
        Subscribe to this address in a calendar program to see the shifts. Anyone with the address can read them without
        signing in, so share it only within the team.
      </p>
      <code class="feed-address" data-testid="calendar-address">
        {props.schedule.calendarUrl}
      </code>
      <div class="actions">
        <CopyButton text={props.schedule.calendarUrl} label="Copy address" />
        <button type="button" class="button small" onClick={() => setAsking(true)}>
          Create new address
        </button>
        <span class="said" role="status">
          {said()}
        </span>
      </div>
      <Show when={isAsking()}>
        <Suspense>
          <ConfirmDialog
            title="Create new address?"
            confirm="Create new address"
            pending={renew.pending()}
            problem={renew.problem()}
            onConfirm={() => void renew.run(props.schedule.id)}
            onClose={() => setAsking(false)}
          >
            The old address stops working. All subscribers have to subscribe again.
          </ConfirmDialog>
        </Suspense>
      </Show>
    </section>
  );
});
