import { useNavigate, useSearchParams } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import Eye from 'lucide-solid/icons/eye';
import EyeOff from 'lucide-solid/icons/eye-off';
import { createSignal, type JSX, Show } from 'solid-js';
import { requireCookie, sessionBegan } from '../../app/cache/session.ts';
import { accountBegan } from '../../lib/account.ts';
import { Field } from '../../ui/Field.tsx';
import { Logo } from '../../ui/Logo.tsx';
import { ProblemMessage } from '../../ui/ProblemMessage.tsx';
import { afterPress } from '../../ui/primitives/afterPress.ts';
import { createAction } from '../../ui/primitives/createAction.ts';
import { forgetDraftsOfOthers } from '../../ui/primitives/createDraft.ts';
import { createAlreadySignedIn, safeNext } from './createAlreadySignedIn.ts';
import { createPasswordCheck } from './createPasswordCheck.ts';
import './auth.css';

const passwordBytes = (text: string) => new TextEncoder().encode(text).length;

/** Advice for a good password, or that this is one. Weak ones are an error of the field. */
const PasswordHint = (props: { judged: { weakness: string | null } | null }) => (
  <span role="status">
    {props.judged?.weakness === null
      ? 'Strong password.'
      : 'At least 10 characters. Several unrelated words make a strong password.'}
  </span>
);

/** E-mail and password, for signing in and for signing up; the browser's own constraints say what is missing. */
export const AuthForm = (props: {
  title: string;
  lead: string;
  button: string;
  newPassword: boolean;
  submit: (input: { email: string; password: string }) => Promise<{ user: { id: string } }>;
  children: (next: string) => JSX.Element;
}) => {
  const [search] = useSearchParams();
  const client = useQueryClient();
  const navigate = useNavigate();
  const isAsking = createAlreadySignedIn(() => navigate(safeNext(search.next), { replace: true }));
  const [visible, setVisible] = createSignal(false);
  const [missing, setMissing] = createSignal<Record<string, string>>({});
  const strength = createPasswordCheck();
  const action = createAction(async (input: { email: string; password: string }) => {
    const { user } = await props.submit(input);
    await requireCookie(location.protocol);
    accountBegan(user.id);
    forgetDraftsOfOthers();
    client.clear();
    sessionBegan();
    navigate(safeNext(search.next), { replace: true });
  });

  const check = (input: HTMLInputElement) => {
    const tooLong = props.newPassword && input.name === 'password' && passwordBytes(input.value) > 72;
    input.setCustomValidity(tooLong ? 'The password is longer than 72 bytes. Choose a shorter one.' : '');
    setMissing((known) => ({ ...known, [input.name]: input.validationMessage }));
  };
  const error = (name: string) => missing()[name] || action.problem()?.field(name);
  const unplaced = () => {
    const problem = action.problem();
    return problem && !problem.field('email') && !problem.field('password') ? problem : null;
  };

  /** The state of a new password, the latest one that was checked. */
  const weakness = () => strength.judged()?.weakness ?? undefined;

  const onSubmit = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    if (action.pending()) return;
    const form = event.currentTarget;
    const inputs = [...form.querySelectorAll('input')];
    inputs.forEach(check);
    const invalid = inputs.find((input) => !input.validity.valid);
    if (invalid) return invalid.focus();
    const data = new FormData(form);
    const given = { email: String(data.get('email')).trim(), password: String(data.get('password')) };
    if (props.newPassword && (await strength.judge(given.password, given.email)))
      return form.querySelector<HTMLInputElement>('[name=password]')?.focus();
    void action.run(given);
  };
  /** Complains on leaving a field that was filled, and takes the complaint back while it is mended. */
  const watch = {
    onBlur: (event: FocusEvent & { currentTarget: HTMLInputElement }) => {
      const input = event.currentTarget;
      if (input.value !== '') afterPress(() => check(input));
    },
    onInput: (event: InputEvent & { currentTarget: HTMLInputElement }) => {
      action.dismiss();
      const input = event.currentTarget;
      if (missing()[input.name]) check(input);
      if (!props.newPassword) return;
      const typed = (name: string) => input.form?.querySelector<HTMLInputElement>(`[name=${name}]`)?.value ?? '';
      strength.look(typed('password'), typed('email'));
    },
  };

  return (
    <main class="auth" aria-busy={isAsking()}>
      <Show when={!isAsking()}>
        <form class="auth-card" onSubmit={onSubmit} noValidate>
          <div class="auth-brand">
            <Logo size={44} />
            <h1>{props.title}</h1>
            <p>{props.lead}</p>
          </div>
          <Show when={unplaced()}>{(problem) => <ProblemMessage error={problem()} />}</Show>
          <Field label="E-mail" error={error('email')}>
            {(control) => (
              <input
                {...control}
                {...watch}
                type="email"
                name="email"
                required
                maxLength={254}
                autocomplete={props.newPassword ? 'email' : 'username'}
                autocapitalize="none"
                spellcheck={false}
                autofocus
              />
            )}
          </Field>
          <Field
            label="Password"
            error={error('password') || weakness()}
            hint={props.newPassword ? <PasswordHint judged={strength.judged()} /> : undefined}
          >
            {(control) => (
              <div class="password">
                <input
                  {...control}
                  {...watch}
                  type={visible() ? 'text' : 'password'}
                  name="password"
                  onFocus={() => props.newPassword && strength.prepare()}
                  required
                  minLength={props.newPassword ? 10 : undefined}
                  autocomplete={props.newPassword ? 'new-password' : 'current-password'}
                  autocapitalize="none"
                  spellcheck={false}
                />
                <button
                  type="button"
                  class="icon-button"
                  aria-label={visible() ? 'Hide password' : 'Show password'}
                  aria-pressed={visible()}
                  onClick={() => setVisible((v) => !v)}
                >
                  <Show when={visible()} fallback={<Eye size={20} aria-hidden="true" />}>
                    <EyeOff size={20} aria-hidden="true" />
                  </Show>
                </button>
              </div>
            )}
          </Field>
          <button type="submit" class="button primary wide" disabled={action.pending()}>
            {action.pending() ? 'One moment…' : props.button}
          </button>
          <p class="auth-other">
            {props.children(search.next ? `?next=${encodeURIComponent(safeNext(search.next))}` : '')}
          </p>
        </form>
      </Show>
    </main>
  );
};
