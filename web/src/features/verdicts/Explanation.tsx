import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import type { ExplanationView, SuppressionView } from '../../../../worker/contract/views.ts';
import { flappingFloor } from '../../../../worker/domain/verdict/flapping.ts';
import { Clock, Until } from '../../ui/Time.tsx';
import { VoteTable } from './VoteTable.tsx';
import { alertLabels, quorumText, verdictLabels } from './verdictText.ts';

/** All that a verdict rests on: the votes, what the policy demands of them, and what holds a change or an alert back. */
export const Explanation = (props: { explanation: ExplanationView }) => (
  <div class="explanation">
    <VoteTable votes={props.explanation.votes} />
    <ul class="explanation-facts">
      <li>{quorumText(props.explanation)}</li>
      <li>
        A region counts as down after {times(props.explanation.confirmations, 'fails', 'fail')}, and as up again after{' '}
        {times(props.explanation.recoveryConfirmations, 'passes', 'pass')}.
      </li>
      <Show when={props.explanation.holding}>
        {(holding) => (
          <li>
            Enough votes for {verdictLabels[holding().to]} since <Clock at={holding().since} />. The status changes at{' '}
            <Clock at={holding().until} /> if these votes last (confirmation or recovery period).
          </li>
        )}
      </Show>
      <Show when={props.explanation.isFlapping}>
        <li>
          Flapping (more changes than the check settings allow, or more than {flappingFloor.changes} in an hour): one
          alert now, and one when the monitor is stable again.
        </li>
      </Show>
      <Show when={props.explanation.backedOff}>
        {(backedOff) => (
          <li>
            Only regular checks confirm changes until <Clock at={backedOff().until} />:{' '}
            {backedOff().changes > 0
              ? `the monitor changed between up and down ${backedOff().changes} times recently.`
              : backedOff().unconfirmed === 1
                ? 'the last on-demand confirmation found no change.'
                : `the last ${backedOff().unconfirmed} on-demand confirmations found no change.`}
          </li>
        )}
      </Show>
      <Show when={props.explanation.suppressed}>
        {(suppressed) => (
          <li>
            The alert “{alertLabels[suppressed().event]}” is suppressed: <Because because={suppressed().because} />
          </li>
        )}
      </Show>
    </ul>
  </div>
);

const times = (count: number, one: string, many: string) =>
  count === 1 ? `one check that ${one}` : `${count} checks in a row that ${many}`;

const Because = (props: { because: SuppressionView }) => (
  <Show
    when={props.because.type === 'dependency' && props.because}
    fallback={
      <>
        the monitor is in maintenance
        <Until at={props.because.until} />.
      </>
    }
  >
    {(dependency) => (
      <>
        <For each={dependency().monitors}>
          {(monitor, i) => (
            <>
              {i() > 0 && ', '}
              <Show when={monitor.name} fallback="a deleted monitor">
                <A href={`/monitors/${monitor.id}`}>{monitor.name}</A>
              </Show>
            </>
          )}
        </For>
        , which it depends on,{' '}
        <Show when={dependency().until} fallback="is down.">
          {(until) => (
            <>
              may be going down. The alert waits until <Clock at={until()} />.
            </>
          )}
        </Show>
      </>
    )}
  </Show>
);
