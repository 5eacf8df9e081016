import { useQueryClient } from '@tanstack/solid-query';
import Confirmed from 'lucide-solid/icons/circle-check';
import Refused from 'lucide-solid/icons/circle-x';
import Waiting from 'lucide-solid/icons/clock';
import Left from 'lucide-solid/icons/log-out';
import { For, Match, Show, Switch } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import type { ChannelView, RecipientView } from '../../../../worker/contract/views.ts';
import type { RecipientState } from '../../../../worker/domain/delivery/recipient.ts';
import { api } from '../../app/cache/api.ts';
import { now } from '../../lib/now.ts';
import { ProblemMessage } from '../../ui/ProblemMessage.tsx';
import { createAction } from '../../ui/primitives/createAction.ts';
import { Clock } from '../../ui/Time.tsx';

const words: Record<RecipientState, string> = {
  waiting: 'Unconfirmed',
  confirmed: 'Confirmed',
  refused: 'Declined',
  left: 'Unsubscribed',
};
const icons = { waiting: Waiting, confirmed: Confirmed, refused: Refused, left: Left };
const stateBadges = { waiting: 'waiting', confirmed: 'delivered', refused: 'failed', left: 'failed' } as const;

/** Why the last mails to several of them were not sent, where it is one cause that the channel does not state itself. */
const sharedProblem = ({ recipients, failing }: ChannelView): string | null => {
  const problems = (recipients ?? []).flatMap(({ state, problem }) =>
    state === 'waiting' && problem ? [problem] : [],
  );
  const [first = null] = problems;
  const isShared = problems.length > 1 && problems.every((problem) => problem === first);
  return isShared && first !== failing?.problem ? first : null;
};

/** The recipients of an e-mail channel, and their consent. */
export const Recipients = (props: { channel: ChannelView }) => (
  <Show when={props.channel.recipients}>
    {(recipients) => (
      <>
        <Show when={sharedProblem(props.channel)}>{(problem) => <p>Confirmation mails failed: {problem()}</p>}</Show>
        <ul class="recipients" aria-label="Recipients">
          <For each={recipients()}>
            {(recipient) => (
              <Recipient
                channelId={props.channel.id}
                recipient={recipient}
                isCauseKnown={[props.channel.failing?.problem, sharedProblem(props.channel)].includes(
                  recipient.problem,
                )}
              />
            )}
          </For>
        </ul>
      </>
    )}
  </Show>
);

const Recipient = (props: { channelId: string; recipient: RecipientView; isCauseKnown: boolean }) => {
  const client = useQueryClient();
  const again = createAction(async (channelId: string, address: string) => {
    await api.askRecipient(channelId, address);
    await client.invalidateQueries({ queryKey: ['channels'] });
  });
  const mayAsk = () => {
    const from = props.recipient.askAgainFrom;
    return from !== null && Date.parse(from) <= now();
  };
  return (
    <li class="recipient" data-testid="recipient" data-state={props.recipient.state}>
      <div class="recipient-head">
        <strong class="recipient-address">{props.recipient.address}</strong>
        <span class="delivery-state" data-state={stateBadges[props.recipient.state]}>
          <Dynamic component={icons[props.recipient.state]} size={18} aria-hidden="true" />
          {words[props.recipient.state]}
        </span>
      </div>
      <Show when={props.recipient.state !== 'confirmed'}>
        <p class="caption">
          <Explanation recipient={props.recipient} isCauseKnown={props.isCauseKnown} />
        </p>
      </Show>
      <Show when={mayAsk()}>
        <div class="actions">
          <button
            type="button"
            class="button small"
            aria-label={`Resend confirmation to ${props.recipient.address}`}
            disabled={again.pending()}
            onClick={() => void again.run(props.channelId, props.recipient.address)}
          >
            {again.pending() ? 'Sending…' : 'Resend confirmation'}
          </button>
        </div>
      </Show>
      <Show when={again.problem()}>{(problem) => <ProblemMessage error={problem()} />}</Show>
    </li>
  );
};

/** The mails that the recipient gets now, and the next step. The channel already shows its own cause. */
const Explanation = (props: { recipient: RecipientView; isCauseKnown: boolean }) => (
  <Switch
    fallback={
      <>
        <Switch fallback="Pharos mails a confirmation link. ">
          <Match when={props.recipient.problem}>
            The last mail was not sent{props.isCauseKnown ? '.' : `: ${props.recipient.problem}`}{' '}
            <Show when={props.recipient.triesAgainAt}>
              {(at) => (
                <>
                  Pharos tries again at <Clock at={at()} />.{' '}
                </>
              )}
            </Show>
          </Match>
          <Match when={props.recipient.askedAt}>
            {(at) => (
              <>
                Pharos mailed a confirmation link at <Clock at={at()} />.{' '}
              </>
            )}
          </Match>
        </Switch>
        <Show when={props.recipient.receivesUntil} fallback="The recipient receives no alerts until they confirm.">
          {(until) => (
            <>
              The recipient receives alerts until <Clock at={until()} />, and after that only if they confirm.
            </>
          )}
        </Show>
      </>
    }
  >
    <Match when={props.recipient.leftAt}>
      {(at) => (
        <>
          Unsubscribed at <Clock at={at()} /> by the link in an alert. Remove the address. To ask again, add it again.
        </>
      )}
    </Match>
    <Match when={props.recipient.state === 'refused'}>
      The recipient declined alerts of this team. Remove the address; Pharos does not ask again.
    </Match>
  </Switch>
);
