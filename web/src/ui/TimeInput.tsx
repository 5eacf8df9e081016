import { createEffect } from 'solid-js';
import type { ControlProps } from './Field.tsx';

/**
 * A field for a date, a time, or both. `value` is written only where the field shows another one: a browser reports a
 * half-typed date as empty, and writing that back would erase the parts that are there.
 */
export const TimeInput = (props: {
  control: ControlProps;
  type: 'date' | 'time' | 'datetime-local';
  value: string;
  step?: string;
  onInput: (value: string) => void;
  onLeave?: () => void;
}) => {
  let element: HTMLInputElement | undefined;
  createEffect(() => {
    const { value } = props;
    if (element && element.value !== value) element.value = value;
  });
  return (
    <input
      {...props.control}
      ref={element}
      type={props.type}
      step={props.step}
      onInput={(event) => props.onInput(event.currentTarget.value)}
      onBlur={() => props.onLeave?.()}
    />
  );
};
