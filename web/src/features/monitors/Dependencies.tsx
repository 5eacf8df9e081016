import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import type { RelatedMonitorView } from '../../../../worker/contract/views.ts';
import { useQuery } from '../../app/cache/query.ts';
import { guarded } from '../../ui/guarded.tsx';
import { VerdictBadge } from '../verdicts/VerdictBadge.tsx';
import { dependenciesQuery } from './queries.ts';

/** The dependencies and dependents of the monitor; nothing where there are none. */
export const Dependencies = guarded((props: { monitorId: string }) => {
  const related = useQuery(() => dependenciesQuery(props.monitorId));
  const known = () => (related.isSuccess ? related.data : { dependsOn: [], dependents: [] });
  return (
    <Show when={known().dependsOn.length + known().dependents.length > 0}>
      <section class="panel related" aria-label="Dependencies">
        <Related title="Depends on" monitors={known().dependsOn} />
        <Related title="Dependent monitors" monitors={known().dependents} />
      </section>
    </Show>
  );
});

const Related = (props: { title: string; monitors: RelatedMonitorView[] }) => (
  <Show when={props.monitors.length > 0}>
    <h2>{props.title}</h2>
    <ul>
      <For each={props.monitors}>
        {(monitor) => (
          <li>
            <A href={`/monitors/${monitor.id}`}>{monitor.name}</A>
            <VerdictBadge verdict={monitor.verdict} />
          </li>
        )}
      </For>
    </ul>
  </Show>
);
