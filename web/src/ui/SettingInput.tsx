import { createUniqueId, For, Match, Switch } from 'solid-js';
import type { FormField } from '../../../worker/domain/fields/form.ts';
import { isMasked } from '../lib/masked.ts';
import type { DraftValue } from '../lib/settingDraft.ts';
import { ExplainedCheck } from './ExplainedCheck.tsx';
import { type ControlProps, Field, FieldNotes } from './Field.tsx';
import { HeadersEditor } from './HeadersEditor.tsx';
import { SecretInput } from './SecretInput.tsx';

interface InputProps {
  field: FormField;
  value: DraftValue;
  /** Errors by the API's path. */
  error: (path: string) => string | undefined;
  onChange: (value: DraftValue) => void;
  onLeave: () => void;
}

/** One field of settings that a schema describes. */
export const SettingInput = (props: InputProps) => {
  const id = createUniqueId();
  const path = () => `settings.${props.field.name}`;
  const text = () => (typeof props.value === 'string' ? props.value : '');
  return (
    <Switch
      fallback={
        <Field
          label={props.field.label}
          optional={!props.field.isRequired && isEmpty(props.field.default)}
          error={props.error(path())}
          hint={hintOf(props.field, text())}
        >
          {(control) => <TextControl {...props} control={control} text={text()} />}
        </Field>
      }
    >
      <Match when={props.field.type === 'checkbox'}>
        <div class="field" classList={{ invalid: Boolean(props.error(path())) }}>
          <ExplainedCheck
            label={props.field.label}
            hint={props.field.hint}
            checked={props.value === true}
            onChange={(checked) => {
              props.onChange(checked);
              props.onLeave();
            }}
          />
          <FieldNotes id={`${id}-notes`} error={props.error(path())} />
        </div>
      </Match>
      <Match when={props.field.type === 'record'}>
        <HeadersEditor
          rows={Array.isArray(props.value) ? props.value : []}
          error={(inner) => props.error(inner.replace(/^headers/, path()))}
          onChange={props.onChange}
          onLeave={props.onLeave}
        />
      </Match>
    </Switch>
  );
};

const isEmpty = (value: unknown) => value === null || (Array.isArray(value) && value.length === 0);

const hintOf = (field: FormField, text: string) =>
  [
    field.type === 'list' ? 'One per line.' : '',
    field.hint ?? '',
    field.isSecret && isMasked(text) ? 'Stored and hidden. Leave it unchanged to keep the stored value.' : '',
  ]
    .filter(Boolean)
    .join(' ') || undefined;

const TextControl = (props: InputProps & { control: ControlProps; text: string }) => {
  const placeholder = () => props.field.placeholder ?? undefined;
  return (
    <Switch
      fallback={
        <input
          {...props.control}
          type="text"
          inputmode={props.field.type === 'number' ? 'decimal' : 'text'}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          placeholder={placeholder()}
          value={props.text}
          onFocus={(event) => isMasked(props.text) && event.currentTarget.select()}
          onInput={(event) => props.onChange(event.currentTarget.value)}
          onBlur={() => props.onLeave()}
        />
      }
    >
      <Match when={props.field.type === 'choice'}>
        <select {...props.control} onChange={(event) => props.onChange(event.currentTarget.value)}>
          <For each={props.field.options}>
            {(option) => (
              <option value={option.value} selected={option.value === props.text}>
                {option.label}
              </option>
            )}
          </For>
        </select>
      </Match>
      <Match when={props.field.type === 'multiline' || props.field.type === 'list'}>
        <textarea
          {...props.control}
          rows={props.field.type === 'list' ? 3 : 6}
          autocapitalize="none"
          spellcheck={false}
          placeholder={placeholder()}
          value={props.text}
          onInput={(event) => props.onChange(event.currentTarget.value)}
          onBlur={() => props.onLeave()}
        />
      </Match>
      <Match when={props.field.isSecret && !props.field.showsOrigin}>
        <SecretInput
          control={props.control}
          label={props.field.label}
          value={props.text}
          placeholder={placeholder()}
          onInput={props.onChange}
          onLeave={props.onLeave}
        />
      </Match>
    </Switch>
  );
};
