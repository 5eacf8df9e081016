import { A, useNavigate } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { For, Show } from 'solid-js';
import { api } from '../../../app/cache/api.ts';
import { ProblemMessage } from '../../../ui/ProblemMessage.tsx';
import { createAction } from '../../../ui/primitives/createAction.ts';
import { forgetDrafts } from '../../../ui/primitives/createDraft.ts';
import { createTheme, themes } from '../../../ui/primitives/createTheme.ts';
import { createTitle } from '../../../ui/primitives/createTitle.ts';
import { CheckToken } from '../CheckToken.tsx';
import { meQuery } from '../queries.ts';
import { Sessions } from '../Sessions.tsx';
import { TeamLimits } from '../TeamLimits.tsx';
import { TeamTimeZone } from '../TeamTimeZone.tsx';
import '../../../ui/styles/form.css';
import { useQuery } from '../../../app/cache/query.ts';

const themeLabels = { system: 'System', light: 'Light', dark: 'Dark' };

export default function Settings() {
  createTitle(() => 'Settings');
  const client = useQueryClient();
  const navigate = useNavigate();
  const me = useQuery(meQuery);
  const known = () => (me.isPending ? undefined : me.data);
  const [theme, setTheme] = createTheme();
  const signOut = createAction(async (everywhere: boolean) => {
    await api.signOut(everywhere);
    forgetDrafts();
    navigate('/sign-in', { replace: true });
    client.clear();
  });
  return (
    <div class="page narrow">
      <h1>Settings</h1>
      <section class="panel" aria-labelledby="account-title">
        <h2 id="account-title">Account</h2>
        <dl class="facts">
          <dt>E-mail</dt>
          <dd data-testid="account-email">{known()?.user.email ?? '…'}</dd>
          <dt>Team</dt>
          <dd>{known() ? `${known()?.team.name} (${known()?.team.role})` : '…'}</dd>
        </dl>
        <Show when={signOut.problem()}>{(problem) => <ProblemMessage error={problem()} />}</Show>
        <div class="actions">
          <button type="button" class="button" disabled={signOut.pending()} onClick={() => void signOut.run(false)}>
            Sign out
          </button>
          <button type="button" class="button" disabled={signOut.pending()} onClick={() => void signOut.run(true)}>
            Sign out everywhere
          </button>
        </div>
      </section>
      <Sessions />
      <Show when={known()}>{(account) => <TeamTimeZone timeZone={account().team.timeZone} />}</Show>
      <CheckToken />
      <TeamLimits />
      <section class="panel" aria-labelledby="audit-title">
        <h2 id="audit-title">Audit trail</h2>
        <p>
          Changes of monitors, incidents, alerts, status pages and the team, and sign-ins, with author, time and reason.
        </p>
        <A href="/settings/audit" class="button">
          Open the audit trail
        </A>
      </section>
      <section class="panel">
        <fieldset class="choices">
          <legend>
            <h2>Appearance</h2>
          </legend>
          <For each={themes}>
            {(choice) => (
              <label class="check">
                <input type="radio" name="theme" checked={theme() === choice} onChange={() => setTheme(choice)} />
                {themeLabels[choice]}
              </label>
            )}
          </For>
        </fieldset>
      </section>
    </div>
  );
}
