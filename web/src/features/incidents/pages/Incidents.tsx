import { useSearchParams } from '@solidjs/router';
import { For } from 'solid-js';
import { PagedList } from '../../../ui/PagedList.tsx';
import { createTitle } from '../../../ui/primitives/createTitle.ts';
import { IncidentList } from '../IncidentList.tsx';
import { incidentsQuery } from '../queries.ts';
import '../../monitors/monitor.css';
import { useInfiniteQuery } from '../../../app/cache/query.ts';

const states = [
  { state: undefined, text: 'All' },
  { state: 'open', text: 'Open' },
  { state: 'resolved', text: 'Resolved' },
] as const;

export default function Incidents() {
  createTitle(() => 'Incidents');
  const [search, setSearch] = useSearchParams<{ state?: string }>();
  const state = () => states.find((s) => s.state === search.state)?.state;
  const list = useInfiniteQuery(() => incidentsQuery({ state: state() }));
  const all = () => list.items;
  return (
    <div class="page narrow">
      <div class="page-head">
        <h1>Incidents</h1>
        <fieldset class="chips" aria-label="Filter by state">
          <For each={states}>
            {(choice) => (
              <button
                type="button"
                class="chip"
                aria-pressed={state() === choice.state}
                onClick={() => setSearch({ state: choice.state ?? null }, { replace: true })}
              >
                {choice.text}
              </button>
            )}
          </For>
        </fieldset>
      </div>
      <PagedList
        list={list}
        isEmpty={all().length === 0}
        empty={
          <p class="nothing panel">
            {state() === 'open' ? 'No open incidents.' : 'No incidents. Pharos lists every outage.'}
          </p>
        }
      >
        <div class="panel">
          <IncidentList incidents={all()} named />
        </div>
      </PagedList>
    </div>
  );
}
