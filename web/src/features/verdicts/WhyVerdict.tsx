import { A } from '@solidjs/router';
import { Match, Show, Switch } from 'solid-js';
import type { MonitorView } from '../../../../worker/contract/views.ts';
import { Notice } from '../../ui/Notice.tsx';
import { ProblemMessage } from '../../ui/ProblemMessage.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { Clock } from '../../ui/Time.tsx';
import { ConditionNotes } from '../monitors/Conditions.tsx';
import { AllowRules } from './AllowRules.tsx';
import { createDistrusted } from './createDistrusted.ts';
import { Explanation } from './Explanation.tsx';
import { verdictQuery } from './queries.ts';
import './why.css';
import { useQuery } from '../../app/cache/query.ts';
import { guarded } from '../../ui/guarded.tsx';

/** Why the monitor has its verdict: one sentence, and behind it every vote. */
export const WhyVerdict = guarded((props: { monitor: MonitorView }) => {
  const distrusted = createDistrusted();
  const verdict = useQuery(() => verdictQuery(props.monitor.id));
  const known = () => (verdict.isPending ? undefined : verdict.data);
  const isRefused = () => known()?.explanation?.votes.some(({ refusal }) => refusal !== null) ?? false;
  return (
    <section class="why" aria-label="Why this status?" data-testid="why">
      <Switch>
        <Match when={known()}>
          {(found) => (
            <>
              <p class="why-sentence">{found().sentence}</p>
              <Show when={!found().isPresent}>
                <p class="caption">
                  The current explanation is unavailable. This is the explanation of the last decision, at{' '}
                  <Clock at={found().at} />.
                </p>
              </Show>
            </>
          )}
        </Match>
        <Match when={verdict.isPending}>
          <Skeleton rows={1} height="line" />
        </Match>
        <Match when={verdict.isError}>
          <ProblemMessage error={verdict.error} retry={() => void verdict.refetch()} />
        </Match>
      </Switch>
      <Show when={isRefused()}>
        <div role="status">
          <Notice>
            <strong>Allow the checks in your firewall.</strong> Its bot protection blocks them. Turn on “Send the
            identification header” in the monitor (Edit, Advanced), copy the token from <A href="/settings">Settings</A>
            , and allow requests with this header. <AllowRules />
          </Notice>
        </div>
      </Show>
      <ConditionNotes monitor={props.monitor} distrusted={distrusted.ids()} refused={isRefused()} />
      <Show when={known()?.explanation}>
        {(explanation) => (
          <details class="why-details">
            <summary>Why this status?</summary>
            <Explanation explanation={explanation()} />
          </details>
        )}
      </Show>
    </section>
  );
});
