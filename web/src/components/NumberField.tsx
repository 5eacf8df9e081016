import { Field } from './Field.tsx';

/** A number as it is typed. */
export const NumberField = (props: {
  label: string;
  hint?: string;
  optional?: boolean;
  value: string;
  error: string | undefined;
  onInput: (value: string) => void;
  onLeave: () => void;
}) => (
  <Field label={props.label} hint={props.hint} optional={props.optional ?? false} error={props.error}>
    {(control) => (
      <input
        {...control}
        type="text"
        inputmode="decimal"
        autocomplete="off"
        value={props.value}
        onInput={(event) => props.onInput(event.currentTarget.value)}
        onBlur={() => props.onLeave()}
      />
    )}
  </Field>
);
