import { Field } from './Field.tsx';

export interface LineProps {
  label: string;
  hint?: string | undefined;
  optional?: boolean | undefined;
  placeholder?: string | undefined;
  /** A number as it is typed. */
  decimal?: boolean | undefined;
}

/** A line of text. */
export const TextField = (
  props: LineProps & {
    value: string;
    error: string | undefined;
    onInput: (value: string) => void;
    onLeave: () => void;
  },
) => (
  <Field label={props.label} hint={props.hint} optional={props.optional ?? false} error={props.error}>
    {(control) => (
      <input
        {...control}
        type="text"
        inputmode={props.decimal ? 'decimal' : 'text'}
        autocomplete="off"
        placeholder={props.placeholder}
        value={props.value}
        onInput={(event) => props.onInput(event.currentTarget.value)}
        onBlur={() => props.onLeave()}
      />
    )}
  </Field>
);
