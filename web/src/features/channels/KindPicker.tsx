import { A } from '@solidjs/router';
import Search from 'lucide-solid/icons/search';
import { createMemo, createSignal, For, Show } from 'solid-js';
import type { ChannelKindView } from '../../../../worker/contract/views.ts';
import { fitsSearch } from '../../../../worker/domain/fields/searchText.ts';
import { KindIcon } from './KindIcon.tsx';

/** Each kind leads to its form. */
export const KindPicker = (props: { kinds: ChannelKindView[] }) => {
  const [typed, setTyped] = createSignal('');
  const shown = createMemo(() => props.kinds.filter(({ kind, label }) => fitsSearch(typed(), kind, label)));
  return (
    <>
      <label class="search">
        <span class="visually-hidden">Search channel types</span>
        <Search size={18} aria-hidden="true" />
        <input
          type="search"
          placeholder="Slack, e-mail, webhook…"
          autocomplete="off"
          value={typed()}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </label>
      <p class="visually-hidden" role="status">
        {typed() === '' ? '' : shown().length === 1 ? '1 type found.' : `${shown().length} types found.`}
      </p>
      <ul class="kinds" aria-label="Channel types">
        <For each={shown()}>
          {(kind) => (
            <li>
              <A href={`/alerts/channels/new?kind=${kind.kind}`} class="kind">
                <KindIcon kind={kind.kind} />
                <span>
                  {kind.label}
                  <Show when={kind.missing}>
                    <small>Not configured by the operator</small>
                  </Show>
                </span>
              </A>
            </li>
          )}
        </For>
      </ul>
      <Show when={shown().length === 0}>
        <p class="nothing">
          No channel type matches. A webhook works with every service that accepts JSON.{' '}
          <button type="button" class="link" onClick={() => setTyped('')}>
            Show all
          </button>
        </p>
      </Show>
    </>
  );
};
