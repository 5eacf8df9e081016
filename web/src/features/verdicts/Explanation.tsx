import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import type { ExplanationView, WithholdingView } from '../../../../worker/contract/views.ts';
import { flappingFloor } from '../../../../worker/domain/verdict/flapping.ts';
import { Clock, Until } from '../../ui/Time.tsx';
import { VoteTable } from './VoteTable.tsx';
import { alertWords, quorumText, verdictWords } from './words.ts';

/** All that a verdict rests on: the votes, what the policy demands of them, and what holds a change or an alert back. */
export const Explanation = (props: { explanation: ExplanationView }) => (
  <div class="explanation">
    <VoteTable votes={props.explanation.votes} />
    <ul class="explanation-facts">
      <li>{quorumText(props.explanation)}</li>
      <li>
        A region counts as failing after {times(props.explanation.confirmations, 'fails', 'fail')}, and as passing again
        after {times(props.explanation.recoveryConfirmations, 'passes', 'pass')}.
      </li>
      <Show when={props.explanation.holding}>
        {(holding) => (
          <li>
            Enough votes for {verdictWords[holding().to]} since <Clock at={holding().since} />: it becomes the verdict
            at <Clock at={holding().until} /> if they last, because the policy demands this period.
          </li>
        )}
      </Show>
      <Show when={props.explanation.isFlapping}>
        <li>
          Flapping (more changes than its policy allows, or more than {flappingFloor.changes} changes in an hour):
          alerts are held to one, and one more when it is stable again.
        </li>
      </Show>
      <Show when={props.explanation.backedOff}>
        {(backedOff) => (
          <li>
            Regular checks alone confirm until <Clock at={backedOff().until} />:{' '}
            {backedOff().changes > 0
              ? `the monitor went down or up ${backedOff().changes} times lately.`
              : backedOff().unconfirmed === 1
                ? 'the last confirmation out of turn confirmed no change.'
                : `the last ${backedOff().unconfirmed} confirmations out of turn confirmed no change.`}
          </li>
        )}
      </Show>
      <Show when={props.explanation.withheld}>
        {(withheld) => (
          <li>
            The alert “{alertWords[withheld().event]}” is withheld: <Because because={withheld().because} />
          </li>
        )}
      </Show>
    </ul>
  </div>
);

const times = (count: number, one: string, many: string) =>
  count === 1 ? `one check that ${one}` : `${count} checks in a row that ${many}`;

const Because = (props: { because: WithholdingView }) => (
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
              <Show when={monitor.name} fallback="a monitor that is gone">
                <A href={`/monitors/${monitor.id}`}>{monitor.name}</A>
              </Show>
            </>
          )}
        </For>
        , which it depends on,{' '}
        <Show when={dependency().until} fallback="is down.">
          {(until) => (
            <>
              may turn down in a moment. That is waited for until <Clock at={until()} />.
            </>
          )}
        </Show>
      </>
    )}
  </Show>
);
