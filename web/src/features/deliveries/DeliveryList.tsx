import { A } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import Delivered from 'lucide-solid/icons/circle-check';
import Suppressed from 'lucide-solid/icons/circle-minus';
import Dead from 'lucide-solid/icons/circle-x';
import Waiting from 'lucide-solid/icons/clock';
import Again from 'lucide-solid/icons/rotate-cw';
import Sending from 'lucide-solid/icons/send';
import Partial from 'lucide-solid/icons/triangle-alert';
import { For, Match, Show, Switch } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import type { DeliveryView } from '../../../../worker/contract/views.ts';
import { isClosing, isOpening, isProblem } from '../../../../worker/domain/escalation/events.ts';
import { api } from '../../app/cache/api.ts';
import { now } from '../../lib/now.ts';
import { zonedUntil } from '../../lib/zoned.ts';
import { ProblemMessage } from '../../ui/ProblemMessage.tsx';
import { createAction } from '../../ui/primitives/createAction.ts';
import { Clock } from '../../ui/Time.tsx';
import { deliveryText } from '../verdicts/verdictText.ts';
import { Attempts } from './Attempts.tsx';
import { deliveryStateLabels } from './deliveryStateLabels.ts';
import '../channels/alerts.css';
import '../incidents/incident.css';
import { guarded } from '../../ui/guarded.tsx';

const icons = { waiting: Waiting, sending: Sending, delivered: Delivered, failed: Dead, suppressed: Suppressed };

/** Icon, word and colour together: the colour is never the only sign. */
const DeliveryStateBadge = (props: { delivery: DeliveryView }) => {
  const isPartial = () => props.delivery.state === 'delivered' && props.delivery.missedRecipients.length > 0;
  return (
    <span
      class="delivery-state"
      data-state={isPartial() ? 'partial' : props.delivery.state}
      data-testid="delivery-state"
    >
      <Dynamic component={isPartial() ? Partial : icons[props.delivery.state]} size={18} aria-hidden="true" />
      {isPartial() ? 'Partly delivered' : deliveryStateLabels[props.delivery.state]}
    </span>
  );
};

/** The facts that the surrounding page does not show: monitor and incident. */
type Naming = 'both' | 'incident' | 'nothing';

/** Alert, channel and result of each delivery. */
export const DeliveryList = guarded((props: { deliveries: DeliveryView[]; naming: Naming }) => (
  <ul class="deliveries">
    <For each={props.deliveries}>{(delivery) => <Delivery delivery={delivery} naming={props.naming} />}</For>
  </ul>
));

const Delivery = (props: { delivery: DeliveryView; naming: Naming }) => {
  const client = useQueryClient();
  const retry = createAction(async (id: string) => {
    await api.retryDelivery(id);
    await client.invalidateQueries({ queryKey: ['deliveries'] });
  });
  const channel = () => props.delivery.channel?.name ?? 'a deleted channel';
  /** A member of a digest goes with all of it. */
  const byHand = () => {
    const { state, held, digestOf } = props.delivery;
    const all = digestOf === null ? '' : ` all ${digestOf.toLocaleString('en')}`;
    if (state === 'failed') return `Send${all} again`;
    return held ? `Send${all} now` : undefined;
  };
  return (
    <li class="delivery" data-state={props.delivery.state} data-testid="delivery">
      <div class="delivery-head">
        <DeliveryStateBadge delivery={props.delivery} />
        <span class="delivery-what">
          <strong>{channel()}</strong>
          <Show when={props.delivery.person}>{(person) => <>, for {person()}</>}</Show>:{' '}
          {deliveryText[props.delivery.event]}
        </span>
        <span class="event-time">
          <Clock at={props.delivery.settledAt ?? props.delivery.createdAt} />
        </span>
      </div>
      <About delivery={props.delivery} naming={props.naming} />
      <Details delivery={props.delivery} />
      <MissedRecipients delivery={props.delivery} />
      <Attempts delivery={props.delivery} />
      <Show when={byHand() && props.delivery.channel}>
        <div class="actions">
          <button
            type="button"
            class="button small"
            aria-label={`${byHand()}: ${channel()}, ${deliveryText[props.delivery.event]}`}
            disabled={retry.pending()}
            onClick={() => void retry.run(props.delivery.id)}
          >
            <Again size={16} aria-hidden="true" />
            {retry.pending() ? 'Sending…' : byHand()}
          </button>
        </div>
      </Show>
      <Show when={retry.problem()}>{(problem) => <ProblemMessage error={problem()} />}</Show>
    </li>
  );
};

const About = (props: { delivery: DeliveryView; naming: Naming }) => {
  const incident = () => (props.naming === 'nothing' ? null : props.delivery.incidentId);
  return (
    <Show when={props.naming === 'both' || incident()}>
      <p>
        <Show when={props.naming === 'both'}>
          <Show when={props.delivery.aboutChannel}>
            {(channel) => <A href={`/alerts/channels/${channel().id}`}>{channel().name}</A>}
          </Show>
          <Show when={props.delivery.monitorId} fallback={props.delivery.monitorName}>
            {(id) => <A href={`/monitors/${id()}`}>{props.delivery.monitorName}</A>}
          </Show>
        </Show>
        <Show when={incident()}>
          {(id) => (
            <>
              {props.naming === 'both' ? ' · ' : ''}
              <A href={`/incidents/${id()}`}>Incident</A>
            </>
          )}
        </Show>
      </p>
    </Show>
  );
};

const missedWords = { retrying: 'Not delivered yet', failed: 'Not delivered', suppressed: 'Suppressed' } as const;

/** Recipients of an e-mail who did not get it, each with the reason. */
const MissedRecipients = (props: { delivery: DeliveryView }) => (
  <Show when={props.delivery.missedRecipients.length > 0}>
    <ul class="missed-recipients" aria-label="Recipients without this message">
      <For each={props.delivery.missedRecipients}>
        {(missed) => (
          <li data-testid="missed-recipient" data-state={missed.state}>
            <strong class="recipient-address">{missed.address}</strong>: {missedWords[missed.state]}. {missed.problem}{' '}
            <Show when={missed.state === 'retrying' && props.delivery.recipientsRetryAt}>
              {(next) => (
                <>
                  Next attempt at <Clock at={next()} />.
                </>
              )}
            </Show>
          </li>
        )}
      </For>
    </ul>
  </Show>
);

const promptMs = 10_000;

/** Recoveries and acknowledgements come after their problem. */
const waitsForOthers = ({ state, event, attemptCount, nextAttemptAt }: DeliveryView) =>
  state === 'waiting' &&
  attemptCount === 0 &&
  !isOpening(event) &&
  nextAttemptAt !== null &&
  now() - Date.parse(nextAttemptAt) > promptMs;

/** Why it is where it is, and what comes next. */
const Details = (props: { delivery: DeliveryView }) => {
  const problem = () => props.delivery.attempts.at(-1)?.problem;
  const place = () =>
    isProblem(props.delivery.event) && props.delivery.step > 0 ? `Step ${props.delivery.step + 1} of the policy. ` : '';
  return (
    <p class="caption">
      {place()}
      <Show when={props.delivery.digestOf}>
        {(count) => `One of ${count().toLocaleString('en')} alerts in a digest. `}
      </Show>
      <Switch>
        <Match when={props.delivery.state === 'suppressed' && problem()}>Suppressed. {problem()}</Match>
        <Match
          when={props.delivery.state === 'suppressed' && isClosing(props.delivery.event) && props.delivery.channel}
        >
          Suppressed: this channel never received the alert of this problem.
        </Match>
        <Match when={props.delivery.state === 'suppressed'}>Suppressed: the message was outdated or a duplicate.</Match>
        <Match when={props.delivery.held}>
          {(held) => (
            <>
              Held until {zonedUntil(Date.parse(held().until), held().timeZone, now())} ({held().timeZone}) by the quiet
              hours of this channel. {problem()}
            </>
          )}
        </Match>
        <Match when={props.delivery.state === 'failed'}>{problem()} No further attempts.</Match>
        <Match when={waitsForOthers(props.delivery)}>
          Waiting for an earlier message of this channel. Suppressed if that one fails.
        </Match>
        <Match when={props.delivery.state !== 'delivered' && problem()}>
          {problem()}{' '}
          <Show when={props.delivery.nextAttemptAt}>
            {(next) => (
              <>
                Next attempt at <Clock at={next()} />.
              </>
            )}
          </Show>
        </Match>
      </Switch>
    </p>
  );
};
