import { useQueryClient } from '@tanstack/solid-query';
import Trash from 'lucide-solid/icons/trash';
import { createSignal, For, lazy, Show, Suspense } from 'solid-js';
import type { OnCallOverrideView, OnCallScheduleView, PersonView } from '../../../../worker/contract/views.ts';
import { api, type OverrideInput } from '../../app/cache/api.ts';
import { now } from '../../lib/now.ts';
import { zonedSpan } from '../../lib/zoned.ts';
import { guarded } from '../../ui/guarded.tsx';
import { createAction } from '../../ui/primitives/createAction.ts';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { AddButton } from './AddButton.tsx';
import { personName } from './onCallText.ts';

const LoadedForm = lazy(() => import('./OverrideForm.tsx'));
const OverrideForm = guarded(LoadedForm);
/** Before the press, so that the form is there when it comes. */
const preload = () => void LoadedForm.preload().catch(() => undefined);
const ConfirmDialog = lazy(() => import('../../ui/ConfirmDialog.tsx'));

/** The overrides: who replaces the person of the rotation, and when. */
export const Overrides = guarded((props: { schedule: OnCallScheduleView; people: PersonView[] }) => {
  const client = useQueryClient();
  const [isOpen, setOpen] = createSignal(false);
  const [asking, setAsking] = createSignal<OnCallOverrideView | null>(null);
  let section: HTMLElement | undefined;
  const ask = () => client.invalidateQueries({ queryKey: ['on-call'] });
  const close = () => {
    setOpen(false);
    section?.querySelector<HTMLElement>('[data-add]')?.focus();
  };
  const add = async (scheduleId: string, input: OverrideInput) => {
    await api.addOverride(scheduleId, input);
    close();
    await ask();
  };
  const remove = createAction(async (scheduleId: string, id: string) => {
    await api.removeOverride(scheduleId, id);
    setAsking(null);
    await ask();
  });
  const spanOf = (one: OnCallOverrideView) => zonedSpan(one, props.schedule.timeZone, now());
  return (
    <section class="panel people" aria-labelledby="overrides-title" ref={section}>
      <div class="panel-head">
        <h2 id="overrides-title">Overrides</h2>
        <Show when={!isOpen()}>
          <AddButton preload={preload} onClick={() => setOpen(true)}>
            Add override
          </AddButton>
        </Show>
      </div>
      <Show when={props.schedule.overrides.length === 0 && !isOpen()}>
        <p class="nothing">No overrides planned.</p>
      </Show>
      <ul class="people-list">
        <For each={props.schedule.overrides}>
          {(one) => (
            <li class="person" data-testid="override">
              <div class="channel-name">
                <strong>{personName(one.person)}</strong>
                <p class="caption">{spanOf(one)}</p>
              </div>
              <button
                type="button"
                class="icon-button"
                aria-label={`Remove ${personName(one.person)}, ${spanOf(one)}`}
                onClick={() => setAsking(one)}
              >
                <Trash size={18} aria-hidden="true" />
              </button>
            </li>
          )}
        </For>
      </ul>
      <Show when={isOpen()}>
        <Suspense fallback={<Skeleton rows={1} height="card" />}>
          <OverrideForm
            timeZone={props.schedule.timeZone}
            people={props.people}
            save={(input) => add(props.schedule.id, input)}
            onCancel={close}
          />
        </Suspense>
      </Show>
      <Show when={asking()} keyed>
        {(one) => (
          <Suspense>
            <ConfirmDialog
              title={`Remove override of ${personName(one.person)}?`}
              confirm="Remove override"
              pending={remove.pending()}
              problem={remove.problem()}
              onConfirm={() => void remove.run(props.schedule.id, one.id)}
              onClose={() => setAsking(null)}
            >
              {spanOf(one)}: the rotation applies again.
            </ConfirmDialog>
          </Suspense>
        )}
      </Show>
    </section>
  );
});
