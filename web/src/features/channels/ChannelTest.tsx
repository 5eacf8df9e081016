import Passed from 'lucide-solid/icons/circle-check';
import Failed from 'lucide-solid/icons/circle-x';
import Send from 'lucide-solid/icons/send';
import { createSignal, Match, Show, Switch } from 'solid-js';
import type { AttemptResultView } from '../../../../worker/contract/views.ts';
import { api } from '../../app/cache/api.ts';
import { latency } from '../../lib/format.ts';
import { ProblemMessage } from '../../ui/ProblemMessage.tsx';
import { createAction } from '../../ui/primitives/createAction.ts';
import { AttemptAnswer } from '../deliveries/Attempts.tsx';

/** Sends a test through the channel, and shows its result at once. */
export const createChannelTest = () => {
  const [result, setResult] = createSignal<AttemptResultView | null>(null);
  const test = createAction(async (channelId: string) => {
    setResult(null);
    setResult(await api.testChannel(channelId));
  });
  return { ...test, result };
};

type Test = ReturnType<typeof createChannelTest>;

export const TestButton = (props: { test: Test; channel: { id: string; name: string } }) => (
  <button
    type="button"
    class="button"
    aria-label={`Send test to ${props.channel.name}`}
    disabled={props.test.pending()}
    onClick={() => void props.test.run(props.channel.id)}
  >
    <Send size={18} aria-hidden="true" />
    {props.test.pending() ? 'Sending…' : 'Send test'}
  </button>
);

/** The fix for a failed test. */
const advice = ({ state }: AttemptResultView) =>
  state === 'suppressed'
    ? 'The confirmation mail contains a link.'
    : state === 'permanent'
      ? 'Check the settings of the channel, then send another test.'
      : 'This failure may be transient. Send another test in a moment. Pharos retries alerts automatically.';

export const TestResult = (props: { test: Test }) => (
  <>
    <div role="status" class="test-result" data-testid="test-result">
      <Show when={props.test.result()}>
        {(result) => (
          <Switch>
            <Match when={result().state === 'delivered'}>
              <p class="delivery-state" data-state="delivered">
                <Passed size={18} aria-hidden="true" />
                Delivered in {latency(result().latencyMs)}
              </p>
              <Show when={result().problem}>
                {(problem) => <p>Some recipients did not receive it. {problem()} Pharos retries transient failures.</p>}
              </Show>
            </Match>
            <Match when={true}>
              <p class="delivery-state" data-state="failed">
                <Failed size={18} aria-hidden="true" />
                {result().state === 'suppressed' ? 'Not sent' : 'Not delivered'}
              </p>
              <p>
                {result().problem} {advice(result())}
              </p>
              <AttemptAnswer attempt={result()} />
            </Match>
          </Switch>
        )}
      </Show>
    </div>
    <Show when={props.test.problem()}>{(problem) => <ProblemMessage error={problem()} />}</Show>
  </>
);
