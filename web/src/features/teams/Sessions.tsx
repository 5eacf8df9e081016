import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, For, Show } from 'solid-js';
import type { SessionView } from '../../../../worker/contract/views.ts';
import { api } from '../../app/cache/api.ts';
import { useQuery } from '../../app/cache/query.ts';
import { clientName } from '../../lib/browserName.ts';
import { isGone } from '../../lib/problem.ts';
import { Answered } from '../../ui/Answered.tsx';
import { ProblemMessage } from '../../ui/ProblemMessage.tsx';
import { createAction } from '../../ui/primitives/createAction.ts';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { Ago } from '../../ui/Time.tsx';
import { sessionsQuery } from './queries.ts';
import './sessions.css';

/** A session that has ended elsewhere meanwhile counts as ended. */
const unlessGone = (error: unknown) => {
  if (!isGone(error)) throw error;
};

/** The sessions of the person; any other session can be signed out. */
export const Sessions = () => {
  const client = useQueryClient();
  const sessions = useQuery(sessionsQuery);
  const known = () => (sessions.isPending ? undefined : sessions.data?.data);
  const [said, setSaid] = createSignal('');
  const end = createAction(async (session: SessionView | 'others') => {
    if (session === 'others') await api.endOtherSessions();
    else await api.endSession(session.id).catch(unlessGone);
    setSaid(
      session === 'others' ? 'All other sessions were signed out.' : `${clientName(session.userAgent)} was signed out.`,
    );
    await client.invalidateQueries({ queryKey: ['sessions'] });
  });
  return (
    <section class="panel" aria-labelledby="sessions-title">
      <h2 id="sessions-title">Sessions</h2>
      <p>
        Browsers and programs with access to your account. Sign out sessions that you do not recognize or no longer use.
      </p>
      <Answered query={sessions} answer={known()} waiting={<Skeleton rows={2} height="row" />}>
        {(list) => (
          <>
            <ul class="sessions">
              <For each={list()}>
                {(session) => (
                  <li class="session" data-testid="session">
                    <div>
                      <b>{clientName(session.userAgent)}</b>
                      <Show when={session.isCurrent}>
                        {' '}
                        <span class="tag">This session</span>
                      </Show>
                      <p class="caption">
                        {session.network ?? 'Unknown address'} ·{' '}
                        <Show when={!session.isCurrent} fallback="in use">
                          last used <Ago at={session.usedAt} />
                        </Show>{' '}
                        · signed in <Ago at={session.createdAt} />
                      </p>
                    </div>
                    <Show when={!session.isCurrent}>
                      <button
                        type="button"
                        class="button small"
                        aria-label={`Sign out ${clientName(session.userAgent)}, ${session.network ?? 'unknown address'}`}
                        disabled={end.pending()}
                        onClick={() => void end.run(session)}
                      >
                        Sign out
                      </button>
                    </Show>
                  </li>
                )}
              </For>
            </ul>
            <Show when={list().length > 1}>
              <div class="actions">
                <button type="button" class="button" disabled={end.pending()} onClick={() => void end.run('others')}>
                  Sign out all other sessions
                </button>
              </div>
            </Show>
          </>
        )}
      </Answered>
      <Show when={end.problem()}>{(problem) => <ProblemMessage error={problem()} />}</Show>
      <p class="said" role="status">
        {said()}
      </p>
    </section>
  );
};
