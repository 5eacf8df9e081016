import { useQueryClient } from '@tanstack/solid-query';
import Square from 'lucide-solid/icons/square';
import { createSignal, lazy, Show, Suspense } from 'solid-js';
import type { MaintenanceWindowView } from '../../../../worker/contract/views.ts';
import { api } from '../../app/cache/api.ts';
import { duration } from '../../lib/format.ts';
import { now } from '../../lib/now.ts';
import { zonedSpan } from '../../lib/zoned.ts';
import { EditAndDelete } from '../../ui/EditAndDelete.tsx';
import { guarded } from '../../ui/guarded.tsx';
import { ProblemMessage } from '../../ui/ProblemMessage.tsx';
import { createAction } from '../../ui/primitives/createAction.ts';
import { recurrenceText } from './recurrenceText.ts';
import { createSkipping, SkipNext, SkippedOccurrences } from './SkippedOccurrences.tsx';

const ConfirmDialog = lazy(() => import('../../ui/ConfirmDialog.tsx'));

const coverageText = ({ allMonitors, monitorIds, tags }: MaintenanceWindowView): string => {
  if (allMonitors) return 'All monitors';
  const named =
    monitorIds.length > 0 ? [`${monitorIds.length} ${monitorIds.length === 1 ? 'monitor' : 'monitors'}`] : [];
  return [...named, ...tags.map((tag) => `tag ${tag}`)].join(', ') || 'All monitors deleted';
};

/** A window that is running or to come. */
export const MaintenanceCard = guarded((props: { window: MaintenanceWindowView; timeZone: string }) => {
  const client = useQueryClient();
  const [asking, setAsking] = createSignal(false);
  const refresh = () => client.invalidateQueries({ queryKey: ['maintenance'] });
  const skipping = createSkipping();
  const end = createAction(async (id: string) => {
    await api.endMaintenance(id);
    await refresh();
  });
  const remove = createAction(async (id: string) => {
    await api.deleteMaintenance(id);
    setAsking(false);
    await refresh();
  });
  const runs = () => {
    const { current } = props.window;
    return current && Date.parse(current.to) > now() ? current : null;
  };
  return (
    <li class="panel maintenance-card" data-running={runs() ? '' : undefined} data-testid="maintenance-window">
      <div class="maintenance-what">
        <h2>{props.window.title}</h2>
        <Show when={runs()}>
          {(current) => (
            <p class="maintenance-now" role="status">
              Running, ends in {duration(Date.parse(current().to) - now())}
            </p>
          )}
        </Show>
        <Show when={runs() ?? props.window.next}>
          {(span) => (
            <p>
              <time dateTime={span().from}>{zonedSpan(span(), props.timeZone, now())}</time>
            </p>
          )}
        </Show>
        <p class="caption">
          {recurrenceText(props.window.rrule, props.window.startsAt)} · {coverageText(props.window)}
          <Show when={props.window.timeZone !== props.timeZone}> · set in {props.window.timeZone}</Show>
        </p>
        <SkippedOccurrences window={props.window} timeZone={props.timeZone} skipping={skipping} />
      </div>
      <div class="actions">
        <SkipNext window={props.window} timeZone={props.timeZone} skipping={skipping} />
        <Show when={runs()}>
          <button
            type="button"
            class="button"
            disabled={end.pending()}
            aria-label={`End now: ${props.window.title}`}
            onClick={() => void end.run(props.window.id)}
          >
            <Square size={16} aria-hidden="true" />
            End now
          </button>
        </Show>
        <EditAndDelete
          name={props.window.title}
          href={`/maintenance/${props.window.id}`}
          onDelete={() => setAsking(true)}
        />
      </div>
      <Show when={end.problem()}>{(problem) => <ProblemMessage error={problem()} />}</Show>
      <Show when={asking()}>
        <Suspense>
          <ConfirmDialog
            title={`Delete “${props.window.title}”?`}
            confirm="Delete window"
            pending={remove.pending()}
            problem={remove.problem()}
            onConfirm={() => void remove.run(props.window.id)}
            onClose={() => setAsking(false)}
          >
            It has no further occurrences{runs() ? ', and it ends now: a current outage alerts at once' : ''}. Past
            occurrences still count as maintenance.
          </ConfirmDialog>
        </Suspense>
      </Show>
    </li>
  );
});
