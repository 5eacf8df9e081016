import { For, Show } from 'solid-js';
import type { EvidenceView, VoteView } from '../../../../worker/contract/views.ts';
import { targetLatencyMs } from '../../../../worker/domain/checks/outcome.ts';
import { regionNames } from '../../../../worker/domain/checks/region.ts';
import { latency, zoneName } from '../../lib/format.ts';
import { now } from '../../lib/now.ts';
import { Clock } from '../../ui/Time.tsx';
import { VerdictBadge } from './VerdictBadge.tsx';
import { ignoredTexts, reasonText, verdictLabels } from './verdictText.ts';

/** The regions' votes, their evidence, and why some do not count. On a phone a card for each. */
export const VoteTable = (props: { votes: VoteView[] }) => (
  <table class="votes">
    <thead>
      <tr>
        <th>Region</th>
        <th>Vote</th>
        <th>Result</th>
        <th>Time ({zoneName(now())})</th>
      </tr>
    </thead>
    <tbody>
      <For each={props.votes}>
        {(vote) => (
          <tr data-testid="vote" data-region={vote.region}>
            <th scope="row">{regionNames[vote.region]}</th>
            <td class="vote">
              <Show when={vote.vote} fallback={<span class="no-vote">No vote</span>}>
                {(health) => <VerdictBadge verdict={health()} />}
              </Show>
            </td>
            <td class="saw">
              <Show when={vote.evidence} fallback="Nothing yet">
                {(evidence) => <Saw evidence={evidence()} />}
              </Show>
              <Show when={noteOf(vote)}>{(note) => <p class="vote-note">{note()}</p>}</Show>
            </td>
            <td class="when">
              <Show when={vote.evidence} fallback="–">
                {(evidence) => <Clock at={evidence().at} />}
              </Show>
            </td>
          </tr>
        )}
      </For>
    </tbody>
  </table>
);

const Saw = (props: { evidence: EvidenceView }) => (
  <>
    {reasonText(props.evidence)}
    <span class="caption">
      <Show when={targetLatencyMs(props.evidence) !== null}> after {latency(props.evidence.latencyMs)}</Show>
      <Show when={props.evidence.status !== null && props.evidence.reason !== 'status'}>
        , status {props.evidence.status}
      </Show>
      <Show when={props.evidence.dataCentre}>{(place) => <>, data centre {place()}</>}</Show>
    </span>
  </>
);

const noteOf = ({ ignored, confirming, refusal }: VoteView): string | null => {
  if (refusal) return `${reasonText(refusal)}, so the check has no result.`;
  if (ignored) return ignoredTexts[ignored];
  return (
    confirming &&
    `Being confirmed: ${verdictLabels[confirming.to]}, ${confirming.count} of ${confirming.needed} in a row.`
  );
};
