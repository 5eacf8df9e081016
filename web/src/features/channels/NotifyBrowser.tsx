import { A } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import BellPlus from 'lucide-solid/icons/bell-plus';
import { createSignal, type JSX, Match, onCleanup, onMount, Show, Switch } from 'solid-js';
import type { ChannelKindView, ChannelView } from '../../../../worker/contract/views.ts';
import { api } from '../../app/cache/api.ts';
import { useQuery } from '../../app/cache/query.ts';
import { browserName } from '../../lib/browserName.ts';
import { Notice } from '../../ui/Notice.tsx';
import { ProblemMessage } from '../../ui/ProblemMessage.tsx';
import { createAction } from '../../ui/primitives/createAction.ts';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { ChannelForm } from './ChannelForm.tsx';
import type { ChannelInput } from './channelDraft.ts';
import { pushChannelQuery, pushObstacle, subscribeToPush } from './push.ts';
import { rememberPushChannel } from './pushChannel.ts';
import { channelsQuery } from './queries.ts';
import { quietDraftOf } from './quietDraft.ts';
import './alerts.css';
import { guarded } from '../../ui/guarded.tsx';

/** The current obstacle, updated when somebody allows or blocks notifications. */
const createObstacle = () => {
  const [obstacle, setObstacle] = createSignal(pushObstacle());
  const left = new AbortController();
  onCleanup(() => left.abort());
  onMount(async () => {
    const permission = await navigator.permissions?.query({ name: 'notifications' }).catch(() => null);
    permission?.addEventListener('change', () => setObstacle(pushObstacle()), { signal: left.signal });
  });
  return obstacle;
};

const createSubscribing = (anew: boolean) => {
  const client = useQueryClient();
  const [asking, setAsking] = createSignal(false);
  /** Subscribes, has the channel stored, and remembers that it is this browser's. */
  const run = async (store: (settings: Record<string, string>) => Promise<ChannelView>) => {
    setAsking(true);
    const settings = await subscribeToPush(anew).finally(() => setAsking(false));
    const channel = await store(settings);
    await rememberPushChannel(channel.id);
    await client.invalidateQueries({ queryKey: pushChannelQuery().queryKey });
    return channel;
  };
  return { asking, run };
};

const Said = (props: { asking: boolean; done: boolean }) => (
  <p class="said" role="status">
    {props.asking
      ? 'If the browser asks for permission to show notifications, allow it.'
      : props.done && 'Subscribed. Send a test to see a notification.'}
  </p>
);

/** The capability of a browser, or why it is missing. */
const Possible = (props: { missing: string | null; children: JSX.Element }) => {
  const obstacle = createObstacle();
  return (
    <Show when={props.missing ?? obstacle()} fallback={props.children}>
      {(reason) => <Notice>{reason()}</Notice>}
    </Show>
  );
};

/** Makes a channel that notifies the very browser in which it is made. */
export const NotifyBrowser = guarded(
  (props: {
    kind: ChannelKindView;
    /** The channels of the team. */
    timeZone: string;
    create: (input: ChannelInput) => Promise<ChannelView>;
  }) => {
    const channels = useQuery(channelsQuery);
    const own = useQuery(pushChannelQuery);
    const existing = () =>
      own.isSuccess && channels.isSuccess ? channels.data.find(({ id }) => id === own.data) : undefined;
    const subscribing = createSubscribing(false);
    return (
      <Possible missing={props.kind.missing}>
        <Switch>
          <Match when={own.isPending || channels.isPending}>
            <Skeleton rows={2} height="row" />
          </Match>
          <Match when={existing()}>
            {(channel) => (
              <div class="panel created">
                <h2>This browser already receives notifications</h2>
                <p>Channel: “{channel().name}”.</p>
                <div class="actions">
                  <A href={`/alerts/channels/${channel().id}`} class="button primary">
                    Open “{channel().name}”
                  </A>
                </div>
              </div>
            )}
          </Match>
          <Match when={true}>
            <ChannelForm
              kind={{ ...props.kind, fields: [] }}
              initial={{
                name: browserName(navigator.userAgent),
                settings: {},
                quiet: quietDraftOf(null, props.timeZone),
              }}
              draftKey={`channel:${props.kind.kind}`}
              button="Notify this browser"
              save={(input) => subscribing.run((settings) => props.create({ ...input, settings }))}
            />
            <Said asking={subscribing.asking()} done={false} />
          </Match>
        </Switch>
      </Possible>
    );
  },
);

/** Lets a channel notify this browser: again, or in place of another one. */
export const NotifyBrowserAgain = (props: {
  kind: ChannelKindView;
  channel: ChannelView;
  onChange: (channel: ChannelView) => void;
}) => {
  const own = useQuery(pushChannelQuery);
  const isOwn = () => own.isSuccess && own.data === props.channel.id;
  const [done, setDone] = createSignal(false);
  const subscribing = createSubscribing(true);
  const renew = createAction(async (id: string) => {
    setDone(false);
    const changed = await subscribing.run((settings) => api.changeChannel(id, { settings }));
    props.onChange(changed);
    setDone(true);
  });
  return (
    <section class="panel created" aria-labelledby="notify-again">
      <h2 id="notify-again">
        {isOwn() ? 'This browser receives its notifications' : 'Another browser receives its notifications'}
      </h2>
      <Possible missing={props.kind.missing}>
        <p>
          {isOwn()
            ? 'If notifications no longer arrive, subscribe again.'
            : 'Then this browser receives the notifications instead of the other one.'}
        </p>
        <div class="actions">
          <button
            type="button"
            class="button"
            disabled={renew.pending()}
            onClick={() => void renew.run(props.channel.id)}
          >
            <BellPlus size={18} aria-hidden="true" />
            Notify this browser
          </button>
        </div>
        <Said asking={subscribing.asking()} done={done()} />
        <Show when={renew.problem()}>{(problem) => <ProblemMessage error={problem()} />}</Show>
      </Possible>
    </section>
  );
};
