import { A } from '@solidjs/router';
import { api } from '../api.ts';
import { AuthForm } from '../components/AuthForm.tsx';
import { createTitle } from '../primitives/createTitle.ts';

export default function SignIn() {
  createTitle(() => 'Sign in');
  return (
    <AuthForm
      title="Sign in to Pharos"
      lead="See how your sites are doing."
      button="Sign in"
      newPassword={false}
      submit={api.signIn}
    >
      {(next) => (
        <>
          New here? <A href={`/sign-up${next}`}>Create an account</A>
        </>
      )}
    </AuthForm>
  );
}
