import type { FieldsOf } from './primitives/createForm.ts';
import { type LineProps, TextField } from './TextField.tsx';

type TextName<Draft> = {
  [K in keyof Draft]: Draft[K] extends string ? (string extends Draft[K] ? K : never) : never;
}[keyof Draft] &
  string;

/** A line of text of a form's draft; `path` is the API's name of the field where it differs. */
export const TextInput = <Draft extends object>(
  props: LineProps & { form: FieldsOf<Draft>; field: TextName<Draft>; path?: string },
) => {
  const path = () => props.path ?? props.field;
  return (
    <TextField
      label={props.label}
      hint={props.hint}
      optional={props.optional}
      placeholder={props.placeholder}
      decimal={props.decimal}
      value={props.form.draft[props.field] as string}
      error={props.form.error(path())}
      onInput={(value) => props.form.change({ [props.field]: value } as Partial<Draft>)}
      onLeave={() => props.form.leave(path())}
    />
  );
};
