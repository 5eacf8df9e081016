import { A } from '@solidjs/router';
import { Match, Switch } from 'solid-js';
import { api } from '../../../app/cache/api.ts';
import { createTitle } from '../../../ui/primitives/createTitle.ts';
import { AuthForm } from '../AuthForm.tsx';
import { createSignUpOffer } from '../createSignUpOffer.ts';
import { SignUpClosed } from '../SignUpClosed.tsx';

export default function SignUp() {
  createTitle(() => 'Create an account');
  const offer = createSignUpOffer();
  return (
    <Switch
      fallback={
        <AuthForm
          title="Create your account"
          lead={
            offer() === 'domains'
              ? 'Use the e-mail address of your organization.'
              : 'Pharos monitors your sites from around the world.'
          }
          button="Create account"
          newPassword
          submit={api.signUp}
        >
          {(next) => (
            <>
              Already have an account? <A href={`/sign-in${next}`}>Sign in</A>
            </>
          )}
        </AuthForm>
      }
    >
      <Match when={offer() === 'asking'}>
        <main class="auth" aria-busy="true" />
      </Match>
      <Match when={offer() === 'closed'}>
        <SignUpClosed />
      </Match>
    </Switch>
  );
}
