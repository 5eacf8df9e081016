import { createSignal, onCleanup } from 'solid-js';
import type { SignUpOffer } from '../../../../worker/domain/teams/signUpRule.ts';
import { api } from '../../app/cache/api.ts';
import { askForMs } from './createAlreadySignedIn.ts';

/** Whether visitors can sign up here. Where the API does not answer, the form is shown: it reports errors itself. */
export const createSignUpOffer = () => {
  const [offer, setOffer] = createSignal<SignUpOffer | 'asking'>('asking');
  const answered = (answer: SignUpOffer) => setOffer((before) => (before === 'asking' ? answer : before));
  const timer = setTimeout(() => answered('open'), askForMs);
  onCleanup(() => clearTimeout(timer));
  api.signUpOffer().then(
    ({ signUp }) => answered(signUp),
    () => answered('open'),
  );
  return offer;
};
