import { A, useSearchParams } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import ArrowLeft from 'lucide-solid/icons/arrow-left';
import { createSignal, Match, Switch } from 'solid-js';
import type { ChannelKindView, ChannelView } from '../../../../../worker/contract/views.ts';
import { api } from '../../../app/cache/api.ts';
import { useQuery } from '../../../app/cache/query.ts';
import { ProblemMessage } from '../../../ui/ProblemMessage.tsx';
import { createTitle } from '../../../ui/primitives/createTitle.ts';
import { Skeleton } from '../../../ui/Skeleton.tsx';
import { meQuery } from '../../teams/queries.ts';
import { ChannelCreated } from '../ChannelCreated.tsx';
import { ChannelForm } from '../ChannelForm.tsx';
import { type ChannelInput, emptyChannel } from '../channelDraft.ts';
import { KindPicker } from '../KindPicker.tsx';
import { NotifyBrowser } from '../NotifyBrowser.tsx';
import { channelKindsQuery } from '../queries.ts';
import '../alerts.css';
import '../../incidents/incident.css';
import '../../monitors/monitor.css';
import '../../monitors/monitors.css';

export default function ChannelNew() {
  const [search] = useSearchParams<{ kind?: string }>();
  const kinds = useQuery(channelKindsQuery);
  const me = useQuery(meQuery);
  const timeZone = () => (me.isPending ? undefined : me.data?.team.timeZone);
  const all = () => (kinds.isPending ? [] : (kinds.data?.data ?? []));
  const chosen = () => all().find(({ kind }) => kind === search.kind);
  createTitle(() => (chosen() ? `New channel: ${chosen()?.label}` : 'New channel'));
  return (
    <div class="page narrow">
      <A href={chosen() ? '/alerts/channels/new' : '/alerts'} class="back">
        <ArrowLeft size={16} aria-hidden="true" />
        {chosen() ? 'All channel types' : 'All channels'}
      </A>
      <h1>{chosen() ? `New channel: ${chosen()?.label}` : 'Choose a channel type'}</h1>
      <Switch>
        <Match when={kinds.isPending || me.isPending}>
          <Skeleton rows={4} height="row" />
        </Match>
        <Match when={kinds.isError && all().length === 0}>
          <ProblemMessage error={kinds.error} retry={() => void kinds.refetch()} />
        </Match>
        <Match when={me.isError && timeZone() === undefined}>
          <ProblemMessage error={me.error} retry={() => void me.refetch()} />
        </Match>
        {/* Keyed: another kind has another form. */}
        <Match when={chosen()?.kind} keyed>
          <Creation kind={chosen() as ChannelKindView} timeZone={timeZone() ?? 'UTC'} />
        </Match>
        <Match when={true}>
          <KindPicker kinds={all()} />
        </Match>
      </Switch>
    </div>
  );
}

/** An empty setting that Pharos generates (a signing secret) is omitted. */
const withoutEmpty = ({ settings, ...input }: ChannelInput): ChannelInput => ({
  ...input,
  settings: Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null)),
});

const Creation = (props: { kind: ChannelKindView; timeZone: string }) => {
  const client = useQueryClient();
  const [created, setCreated] = createSignal<ChannelView | null>(null);
  const create = async (input: ChannelInput) => {
    const channel = await api.createChannel({ ...withoutEmpty(input), kind: props.kind.kind });
    void client.invalidateQueries({ queryKey: ['channels'] });
    void client.invalidateQueries({ queryKey: ['escalation-policies'] });
    setCreated(channel);
    return channel;
  };
  return (
    <Switch
      fallback={
        <ChannelForm
          kind={props.kind}
          initial={emptyChannel(props.kind, props.timeZone)}
          draftKey={`channel:${props.kind.kind}`}
          button="Create channel"
          save={create}
        />
      }
    >
      <Match when={created()}>{(channel) => <ChannelCreated channel={channel()} />}</Match>
      <Match when={props.kind.kind === 'web-push'}>
        <NotifyBrowser kind={props.kind} timeZone={props.timeZone} create={create} />
      </Match>
    </Switch>
  );
};
