import { A } from '@solidjs/router';
import { type JSX, Show } from 'solid-js';
import { ProblemMessage } from './ProblemMessage.tsx';
import type { FormFrame } from './primitives/createForm.ts';
import './styles/form.css';

/** The common parts of every form around its fields: the notice of a restored draft, errors, and the buttons. */
export const Form = (props: {
  form: FormFrame;
  class?: string;
  button: string;
  /** The target or action of "Cancel". */
  cancel: string | (() => void);
  cancelText?: string;
  children: JSX.Element;
}) => (
  <form class={`form ${props.class ?? 'panel'}`} onSubmit={props.form.submit} noValidate>
    <Show when={props.form.again()}>
      {(kept) => <KeptNote isPartial={kept().isPartial} onStartOver={props.form.startOver} />}
    </Show>
    {props.children}
    <Show when={props.form.refused()}>{(problem) => <ProblemMessage error={problem()} />}</Show>
    <div class="form-actions">
      <button type="submit" class="button primary" disabled={props.form.pending()}>
        {props.form.pending() ? 'Saving…' : props.button}
      </button>
      <Cancel to={props.cancel} text={props.cancelText ?? 'Cancel'} forget={props.form.forget} />
    </div>
  </form>
);

/** The button goes with the note: the keyboard goes on at the first field. */
const focusFirstField = (form: HTMLFormElement | null) =>
  form?.querySelector<HTMLElement>('input, select, textarea')?.focus();

const KeptNote = (props: { isPartial: boolean; onStartOver: () => void }) => (
  <p class="kept-note" role="status">
    {props.isPartial
      ? 'Your unsaved draft was restored, except for secrets. Enter the secrets again.'
      : 'Your unsaved draft was restored.'}{' '}
    <button
      type="button"
      class="link"
      onClick={({ currentTarget: { form } }) => {
        props.onStartOver();
        focusFirstField(form);
      }}
    >
      Discard draft
    </button>
  </p>
);

const Cancel = (props: { to: string | (() => void); text: string; forget: () => void }) => {
  const act = () => {
    props.forget();
    if (typeof props.to === 'function') props.to();
  };
  return (
    <Show
      when={typeof props.to === 'string' && props.to}
      fallback={
        <button type="button" class="button" onClick={act}>
          {props.text}
        </button>
      }
    >
      {(href) => (
        <A href={href()} class="button" onClick={act}>
          {props.text}
        </A>
      )}
    </Show>
  );
};
