import Plus from 'lucide-solid/icons/plus';
import X from 'lucide-solid/icons/x';
import { createUniqueId, Index, Show } from 'solid-js';
import { isMasked } from '../lib/masked.ts';

type Row = { name: string; value: string };

/** Rows of name and value. A stored value is masked and stays as it is until something else is typed over it. */
export const HeadersEditor = (props: {
  rows: Row[];
  error: (path: string) => string | undefined;
  onChange: (rows: Row[]) => void;
  onLeave: () => void;
}) => {
  const id = createUniqueId();
  let list: HTMLDivElement | undefined;
  const change = (index: number, part: Partial<Row>) =>
    props.onChange(props.rows.map((row, i) => (i === index ? { ...row, ...part } : row)));
  const add = () => {
    props.onChange([...props.rows, { name: '', value: '' }]);
    list?.querySelector<HTMLInputElement>('.header-row:last-of-type input')?.focus();
  };
  return (
    <fieldset class="field headers" aria-describedby={`${id}-hint`} onFocusOut={() => props.onLeave()}>
      <legend>
        Headers<span class="optional"> (optional)</span>
      </legend>
      <div ref={list}>
        <Index each={props.rows}>
          {(row, index) => {
            const error = () => props.error(`headers.${row().name.trim()}`);
            return (
              <div class="header-row">
                <input
                  type="text"
                  aria-label={`Name of header ${index + 1}`}
                  aria-invalid={error() ? 'true' : undefined}
                  aria-describedby={error() ? `${id}-${index}` : undefined}
                  placeholder="Authorization"
                  autocapitalize="none"
                  autocomplete="off"
                  spellcheck={false}
                  value={row().name}
                  onInput={(event) => change(index, { name: event.currentTarget.value })}
                />
                <input
                  type="text"
                  aria-label={`Value of header ${index + 1}`}
                  aria-invalid={error() ? 'true' : undefined}
                  aria-describedby={error() ? `${id}-${index}` : undefined}
                  autocomplete="off"
                  autocapitalize="none"
                  spellcheck={false}
                  value={row().value}
                  onFocus={(event) => isMasked(row().value) && event.currentTarget.select()}
                  onInput={(event) => change(index, { value: event.currentTarget.value })}
                />
                <button
                  type="button"
                  class="icon-button"
                  aria-label={`Remove header ${index + 1}`}
                  onClick={() => props.onChange(props.rows.filter((_, i) => i !== index))}
                >
                  <X size={18} aria-hidden="true" />
                </button>
                <Show when={error()}>
                  <p class="field-error" id={`${id}-${index}`}>
                    {error()}
                  </p>
                </Show>
              </div>
            );
          }}
        </Index>
      </div>
      <Show when={props.error('headers')}>
        <p class="field-error">{props.error('headers')}</p>
      </Show>
      <button type="button" class="button small" onClick={add}>
        <Plus size={16} aria-hidden="true" />
        Add header
      </button>
      <p class="field-hint" id={`${id}-hint`}>
        Values are stored encrypted and never shown again. If you change the origin of the address, enter them again.
      </p>
    </fieldset>
  );
};
