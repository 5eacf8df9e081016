import { useQueryClient } from '@tanstack/solid-query';
import Pencil from 'lucide-solid/icons/pencil';
import Trash from 'lucide-solid/icons/trash';
import Unreached from 'lucide-solid/icons/triangle-alert';
import { createSignal, For, lazy, Show, Suspense } from 'solid-js';
import type { ChannelView, PersonView } from '../../../../worker/contract/views.ts';
import type { CreatePerson } from '../../../../worker/domain/onCall/person.ts';
import { api } from '../../app/cache/api.ts';
import { guarded } from '../../ui/guarded.tsx';
import { hasDraft } from '../../ui/primitives/createDraft.ts';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { refetchAlerting } from '../channels/queries.ts';
import { AddButton } from './AddButton.tsx';
import { DeleteTarget } from './DeleteTarget.tsx';
import { personKey } from './personKey.ts';

const LoadedForm = lazy(() => import('./PersonForm.tsx'));
const PersonForm = guarded(LoadedForm);
/** Before the press, so that the form is there when it comes. */
const preload = () => void LoadedForm.preload().catch(() => undefined);

/** The people who can be on call, and the channels that reach them. */
export const People = guarded((props: { people: PersonView[]; channels: ChannelView[] }) => {
  const client = useQueryClient();
  /** Id of the person whose form is open; empty: of one who is being added. After a reload, the one that was typed in. */
  const [open, setOpen] = createSignal(
    hasDraft(personKey(null)) ? '' : (props.people.find((person) => hasDraft(personKey(person)))?.id ?? null),
  );
  const [asking, setAsking] = createSignal<PersonView | null>(null);
  let section: HTMLElement | undefined;
  const close = () => {
    setOpen(null);
    section?.querySelector<HTMLElement>('[data-add]')?.focus();
  };
  const save = (id: string) => async (input: CreatePerson, updatedAt: string) => {
    await (id === '' ? api.createPerson(input) : api.changePerson(id, { ...input, updatedAt }));
    await refetchAlerting(client);
    close();
  };
  return (
    <section class="panel people" aria-labelledby="people-title" ref={section}>
      <div class="panel-head">
        <h2 id="people-title">People</h2>
        <Show when={open() === null}>
          <AddButton preload={preload} onClick={() => setOpen('')}>
            Add person
          </AddButton>
        </Show>
      </div>
      <Show when={props.people.length === 0 && open() === null}>
        <p class="nothing">No people yet. A person has a name and channels, and needs no account.</p>
      </Show>
      <ul class="people-list">
        <For each={props.people}>
          {(person) => (
            <li data-testid="person">
              <Show
                when={open() === person.id}
                fallback={
                  <Person
                    person={person}
                    channels={props.channels}
                    onEdit={() => setOpen(person.id)}
                    onDelete={() => setAsking(person)}
                  />
                }
              >
                <Suspense fallback={<Skeleton rows={1} height="card" />}>
                  <PersonForm person={person} channels={props.channels} save={save(person.id)} onCancel={close} />
                </Suspense>
              </Show>
            </li>
          )}
        </For>
      </ul>
      <Show when={open() === ''}>
        <Suspense fallback={<Skeleton rows={1} height="card" />}>
          <PersonForm person={null} channels={props.channels} save={save('')} onCancel={close} />
        </Suspense>
      </Show>
      <Show when={asking()} keyed>
        {(person) => (
          <DeleteTarget
            target={{ type: 'person', id: person.id }}
            name={person.name}
            button="Delete person"
            text="Past alerts stay in the log."
            remove={() => api.deletePerson(person.id)}
            onClose={() => setAsking(null)}
          />
        )}
      </Show>
    </section>
  );
});

const Person = (props: { person: PersonView; channels: ChannelView[]; onEdit: () => void; onDelete: () => void }) => {
  const names = () =>
    props.person.channelIds.map((id) => props.channels.find((channel) => channel.id === id)?.name ?? '…').join(', ');
  return (
    <div class="person">
      <div class="channel-name">
        <strong>{props.person.name}</strong>
        <Show
          when={props.person.channelIds.length > 0}
          fallback={
            <p class="delivery-state" data-state="failed">
              <Unreached size={18} aria-hidden="true" />
              No channel: cannot be notified
            </p>
          }
        >
          <p class="caption">{names()}</p>
        </Show>
      </div>
      <div class="actions">
        <button
          type="button"
          class="icon-button"
          aria-label={`Edit ${props.person.name}`}
          onFocus={preload}
          onPointerEnter={preload}
          onClick={() => props.onEdit()}
        >
          <Pencil size={18} aria-hidden="true" />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label={`Delete ${props.person.name}`}
          onClick={() => props.onDelete()}
        >
          <Trash size={18} aria-hidden="true" />
        </button>
      </div>
    </div>
  );
};
