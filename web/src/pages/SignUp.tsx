import { A } from '@solidjs/router';
import { api } from '../api.ts';
import { AuthForm } from '../components/AuthForm.tsx';
import { createTitle } from '../primitives/createTitle.ts';

export default function SignUp() {
  createTitle(() => 'Create an account');
  return (
    <AuthForm
      title="Create your account"
      lead="Pharos watches your sites from around the world."
      button="Create account"
      newPassword
      submit={api.signUp}
    >
      {(next) => (
        <>
          Already have one? <A href={`/sign-in${next}`}>Sign in</A>
        </>
      )}
    </AuthForm>
  );
}
