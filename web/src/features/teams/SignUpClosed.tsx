import { A, useNavigate, useSearchParams } from '@solidjs/router';
import { Show } from 'solid-js';
import { Logo } from '../../ui/Logo.tsx';
import { createAlreadySignedIn, safeNext } from './createAlreadySignedIn.ts';
import './auth.css';

/** In place of a form that would only be refused. */
export const SignUpClosed = () => {
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const isAsking = createAlreadySignedIn(() => navigate(safeNext(search.next), { replace: true }));
  const next = () => (search.next ? `?next=${encodeURIComponent(safeNext(search.next))}` : '');
  return (
    <main class="auth" aria-busy={isAsking()}>
      <Show when={!isAsking()}>
        <div class="auth-card">
          <div class="auth-brand">
            <Logo size={44} />
            <h1>Sign-up is closed</h1>
            <p>New accounts cannot be created. Ask the operator of this Pharos.</p>
          </div>
          <p class="auth-other">
            Already have an account? <A href={`/sign-in${next()}`}>Sign in</A>
          </p>
        </div>
      </Show>
    </main>
  );
};
