import { A } from '@solidjs/router';
import { Logo } from '../ui/Logo.tsx';
import { createTitle } from '../ui/primitives/createTitle.ts';
import '../features/teams/auth.css';

export default function NotFound() {
  createTitle(() => 'Not found');
  return (
    <main class="auth">
      <div class="auth-card auth-brand">
        <Logo size={44} />
        <h1>Page not found</h1>
        <p>Nothing exists at this address. It was deleted, or the link is incomplete.</p>
        <A href="/monitors" class="button primary">
          Open monitors
        </A>
      </div>
    </main>
  );
}
