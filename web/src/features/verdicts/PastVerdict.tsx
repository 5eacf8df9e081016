import { A } from '@solidjs/router';
import { Match, Show, Switch } from 'solid-js';
import { useQuery } from '../../app/cache/query.ts';
import { ProblemMessage } from '../../ui/ProblemMessage.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { Clock } from '../../ui/Time.tsx';
import { Explanation } from './Explanation.tsx';
import { pastVerdictQuery } from './queries.ts';

/** The basis of a past verdict, requested when this is shown. */
export const PastVerdict = (props: { monitorId: string; at: string; linked?: boolean }) => {
  const verdict = useQuery(() => pastVerdictQuery(props.monitorId, props.at));
  const known = () => (verdict.isPending ? undefined : verdict.data);
  return (
    <Switch>
      <Match when={known()}>
        {(found) => (
          <div class="past-verdict">
            <p class="caption">
              In effect from <Clock at={found().since} />, decided at <Clock at={found().at} />.
            </p>
            <Show when={found().explanation} fallback={<p class="nothing">No votes were recorded.</p>}>
              {(explanation) => <Explanation explanation={explanation()} />}
            </Show>
            <Show when={props.linked && found().incidentId}>
              {(id) => <A href={`/incidents/${id()}`}>Incident at that time</A>}
            </Show>
          </div>
        )}
      </Match>
      <Match when={verdict.isPending}>
        <Skeleton rows={3} height="line" />
      </Match>
      <Match when={verdict.isError}>
        <ProblemMessage error={verdict.error} retry={() => void verdict.refetch()} />
      </Match>
    </Switch>
  );
};
