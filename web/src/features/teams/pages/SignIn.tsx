import { A } from '@solidjs/router';
import { Match, Switch } from 'solid-js';
import { api } from '../../../app/cache/api.ts';
import { createTitle } from '../../../ui/primitives/createTitle.ts';
import { AuthForm } from '../AuthForm.tsx';
import { createSignUpOffer } from '../createSignUpOffer.ts';

export default function SignIn() {
  createTitle(() => 'Sign in');
  const offer = createSignUpOffer();
  return (
    <AuthForm
      title="Sign in to Pharos"
      lead="Check the status of your sites."
      button="Sign in"
      newPassword={false}
      submit={api.signIn}
    >
      {(next) => (
        <Switch
          fallback={
            <>
              New here? <A href={`/sign-up${next}`}>Create an account</A>
            </>
          }
        >
          <Match when={offer() === 'asking'}>{/* Keeps the line, so that nothing moves. */}&nbsp;</Match>
          <Match when={offer() === 'closed'}>Sign-up is closed. Ask the operator.</Match>
        </Switch>
      )}
    </AuthForm>
  );
}
