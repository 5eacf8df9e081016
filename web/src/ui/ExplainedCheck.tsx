import type { JSX } from 'solid-js';

/** A checkbox with an explanation below its label. */
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
