import { A, useNavigate, useParams } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import ArrowLeft from 'lucide-solid/icons/arrow-left';
import { createSignal, Match, Show, Switch } from 'solid-js';
import type { ChannelKindView, ChannelView } from '../../../worker/api/views.ts';
import { api } from '../api.ts';
import { channelDraftOf } from '../channelDraft.ts';
import { ChannelForm } from '../components/alerts/ChannelForm.tsx';
import { NotifyBrowserAgain } from '../components/alerts/NotifyBrowser.tsx';
import { ProblemMessage } from '../components/ProblemMessage.tsx';
import { Skeleton } from '../components/Skeleton.tsx';
import { createTitle } from '../primitives/createTitle.ts';
import { useQuery } from '../primitives/query.ts';
import { channelKindsQuery, channelQuery, meQuery } from '../queries.ts';
import '../styles/monitor.css';

export default function ChannelEdit() {
  const params = useParams<{ id: string }>();
  const client = useQueryClient();
  const navigate = useNavigate();
  const channel = useQuery(() => channelQuery(params.id));
  const kinds = useQuery(channelKindsQuery);
  const me = useQuery(meQuery);
  const known = (): { channel: ChannelView; kind: ChannelKindView; timeZone: string } | undefined => {
    const found = channel.isPending ? undefined : channel.data;
    const kind = kinds.isPending ? undefined : kinds.data?.data.find((one) => one.kind === found?.kind);
    const timeZone = me.isPending ? undefined : me.data?.team.timeZone;
    return found && kind && timeZone ? { channel: found, kind, timeZone } : undefined;
  };
  createTitle(() => (known() ? `Edit ${known()?.channel.name}` : 'Edit'));
  return (
    <div class="page narrow">
      <A href="/alerts" class="back">
        <ArrowLeft size={16} aria-hidden="true" />
        All channels
      </A>
      <h1>Edit channel</h1>
      <Switch>
        {/* Keyed by the channel: what is typed stays while the channel is told of anew. */}
        <Match when={known()?.channel.id} keyed>
          {(id) => {
            const { channel, kind, timeZone } = known() as NonNullable<ReturnType<typeof known>>;
            const isPush = kind.kind === 'web-push';
            const typed = isPush ? { ...kind, fields: [] } : kind;
            const [read, setRead] = createSignal(channel);
            return (
              <>
                <ChannelForm
                  kind={typed}
                  initial={channelDraftOf(typed, channel, timeZone)}
                  // What is typed belongs to what was read: after somebody else's change it is not brought back.
                  draftKey={`channel:${id}:${channel.updatedAt}`}
                  button="Save changes"
                  save={async (input) => {
                    const { updatedAt } = read();
                    client.setQueryData(
                      channelQuery(id).queryKey,
                      await api.changeChannel(id, { ...input, updatedAt }),
                    );
                    void client.invalidateQueries({ queryKey: ['channels'] });
                    navigate('/alerts');
                  }}
                />
                <Show when={isPush}>
                  <NotifyBrowserAgain kind={kind} channel={channel} onChange={setRead} />
                </Show>
              </>
            );
          }}
        </Match>
        <Match when={channel.error ?? kinds.error ?? me.error}>
          {(error) => (
            <ProblemMessage
              error={error()}
              retry={() => void Promise.all([channel.refetch(), kinds.refetch(), me.refetch()])}
            />
          )}
        </Match>
        <Match when={true}>
          <Skeleton rows={4} height="row" />
        </Match>
      </Switch>
    </div>
  );
}
