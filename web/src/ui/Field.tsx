import { createUniqueId, type JSX, Show } from 'solid-js';

/** The attributes that connect a control to its label, hint and error. */
export interface ControlProps {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': 'true' | undefined;
}

/** Label, control, hint and error, tied together for screen readers. */
export const Field = (props: {
  label: string;
  hint?: JSX.Element;
  error?: string | undefined;
  optional?: boolean;
  children: (control: ControlProps) => JSX.Element;
}) => {
  const id = createUniqueId();
  const describedBy = () =>
    [props.error && `${id}-error`, props.hint && `${id}-hint`].filter(Boolean).join(' ') || undefined;
  const control: ControlProps = {
    id,
    get 'aria-describedby'() {
      return describedBy();
    },
    get 'aria-invalid'() {
      return props.error ? ('true' as const) : undefined;
    },
  };
  return (
    <div class="field" classList={{ invalid: Boolean(props.error) }}>
      <label for={id}>
        {props.label}
        <Show when={props.optional}>
          <span class="optional"> (optional)</span>
        </Show>
      </label>
      {props.children(control)}
      <FieldNotes id={id} hint={props.hint} error={props.error} />
    </div>
  );
};

export const FieldNotes = (props: { id: string; hint?: JSX.Element; error?: string | undefined }) => (
  <>
    <Show when={props.error}>
      <p class="field-error" id={`${props.id}-error`}>
        {props.error}
      </p>
    </Show>
    <Show when={props.hint}>
      <p class="field-hint" id={`${props.id}-hint`}>
        {props.hint}
      </p>
    </Show>
  </>
);
