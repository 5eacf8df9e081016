import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, lazy, Show, Suspense } from 'solid-js';
import { api } from '../../app/cache/api.ts';
import { useQuery } from '../../app/cache/query.ts';
import { remember } from '../../app/cache/queryClient.ts';
import { Answered } from '../../ui/Answered.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { ProblemMessage } from '../../ui/ProblemMessage.tsx';
import { createAction } from '../../ui/primitives/createAction.ts';
import { RevealButton } from '../../ui/RevealButton.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { checkTokenQuery } from './queries.ts';
import './checkToken.css';

const ConfirmDialog = lazy(() => import('../../ui/ConfirmDialog.tsx'));

/** The secret header by which a firewall recognises the checks of the team. */
export const CheckToken = () => {
  const client = useQueryClient();
  const stored = useQuery(checkTokenQuery);
  const known = () => (stored.isPending ? undefined : stored.data);
  const [visible, setVisible] = createSignal(false);
  const [asks, setAsks] = createSignal(false);
  const [said, setSaid] = createSignal('');
  const renew = createAction(async (isFirst: boolean) => {
    remember(client, checkTokenQuery().queryKey, await api.renewCheckToken());
    setAsks(false);
    setSaid(isFirst ? 'The token is created.' : 'The token is renewed. Put it into the rules of your firewall.');
  });
  return (
    <section class="panel" aria-labelledby="check-token-title">
      <h2 id="check-token-title">Identification of checks</h2>
      <p>
        Where bot protection refuses the checks, turn on “Send the identification header” in the monitor (Edit,
        Advanced) and let requests with this header pass in the firewall. Keep the token secret: anyone who has it can
        pass as well.
      </p>
      <Answered query={stored} answer={known()} waiting={<Skeleton rows={3} height="line" />}>
        {(found) => (
          <>
            <dl class="facts token">
              <dt>Header</dt>
              <dd>
                <code>{found().header}</code>
                <CopyButton text={found().header} label="Copy the name of the header" />
              </dd>
              <dt>Token</dt>
              <dd>
                <Show when={found().token} fallback="None yet">
                  {(token) => (
                    <>
                      <code data-testid="check-token">{visible() ? token() : '•'.repeat(16)}</code>
                      <RevealButton
                        label="Show the token"
                        visible={visible()}
                        onToggle={() => setVisible((shown) => !shown)}
                      />
                      <CopyButton text={token()} label="Copy the token" />
                    </>
                  )}
                </Show>
              </dd>
            </dl>
            <Show when={!asks() && renew.problem()}>{(problem) => <ProblemMessage error={problem()} />}</Show>
            <div class="actions">
              <Show
                when={found().token}
                fallback={
                  <button type="button" class="button" disabled={renew.pending()} onClick={() => void renew.run(true)}>
                    Create token
                  </button>
                }
              >
                <button type="button" class="button" onClick={() => setAsks(true)}>
                  Renew token
                </button>
              </Show>
            </div>
          </>
        )}
      </Answered>
      <p class="said" role="status">
        {said()}
      </p>
      <Show when={asks()}>
        <Suspense>
          <ConfirmDialog
            title="Renew the token?"
            confirm="Renew token"
            pending={renew.pending()}
            problem={renew.problem()}
            onConfirm={() => void renew.run(false)}
            onClose={() => setAsks(false)}
          >
            All checks that carry it send the new token at once. Firewalls refuse them until their rules name the new
            token. The old one is never sent again.
          </ConfirmDialog>
        </Suspense>
      </Show>
    </section>
  );
};
