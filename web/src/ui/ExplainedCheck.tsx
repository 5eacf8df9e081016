import type { JSX } from 'solid-js';

/** A checkbox with a line below its label that says what it does. */
export const ExplainedCheck = (props: {
  label: string;
  hint: JSX.Element;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) => (
  <label class="check explained">
    <input type="checkbox" checked={props.checked} onChange={(event) => props.onChange(event.currentTarget.checked)} />
    <span>
      {props.label}
      <small>{props.hint}</small>
    </span>
  </label>
);
