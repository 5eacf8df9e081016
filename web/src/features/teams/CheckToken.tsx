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
    setSaid(isFirst ? 'Token created.' : 'Token renewed. Update your firewall rules.');
  });
  return (
    <section class="panel" aria-labelledby="check-token-title">
      <h2 id="check-token-title">Identification of checks</h2>
      <p>
        If bot protection blocks the checks, turn on “Send the identification header” in the monitor (Edit, Advanced),
        and allow requests with this header in your firewall. Keep the token secret: anyone with the token can pass the
        firewall.
      </p>
      <Answered query={stored} answer={known()} waiting={<Skeleton rows={3} height="line" />}>
        {(found) => (
          <>
            <dl class="facts token">
              <dt>Header</dt>
              <dd>
                <code>{found().header}</code>
                <CopyButton text={found().header} label="Copy header name" />
              </dd>
              <dt>Token</dt>
              <dd>
                <Show when={found().token} fallback="None yet">
                  {(token) => (
                    <>
                      <code data-testid="check-token">{visible() ? token() : '•'.repeat(16)}</code>
                      <RevealButton
                        label="Show token"
                        visible={visible()}
                        onToggle={() => setVisible((shown) => !shown)}
                      />
                      <CopyButton text={token()} label="Copy token" />
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
            title="Renew token?"
            confirm="Renew token"
            pending={renew.pending()}
            problem={renew.problem()}
            onConfirm={() => void renew.run(false)}
            onClose={() => setAsks(false)}
          >
            All checks with the header send the new token at once. Firewalls block them until their rules contain the
            new token. Pharos never sends the old token again.
          </ConfirmDialog>
        </Suspense>
      </Show>
    </section>
  );
};
