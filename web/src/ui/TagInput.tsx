import X from 'lucide-solid/icons/x';
import { createSignal, For } from 'solid-js';
import type { ControlProps } from './Field.tsx';

/** Tags as chips: comma or Enter adds what was typed, Backspace in the empty field takes the last one back. */
export const TagInput = (props: {
  control: ControlProps;
  tags: string[];
  /** Id of a datalist. */
  suggestions?: string;
  onChange: (tags: string[]) => void;
}) => {
  const [typed, setTyped] = createSignal('');
  const add = () => {
    const fresh = typed()
      .split(',')
      .map((tag) => tag.trim())
      .filter(Boolean);
    if (fresh.length > 0) props.onChange([...new Set([...props.tags, ...fresh])]);
    setTyped('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === ',') {
      if (event.key === 'Enter' && typed().trim() === '') return;
      event.preventDefault();
      add();
    } else if (event.key === 'Backspace' && typed() === '' && props.tags.length > 0) {
      props.onChange(props.tags.slice(0, -1));
    }
  };
  return (
    <div class="tag-input">
      <For each={props.tags}>
        {(tag) => (
          <span class="tag removable">
            {tag}
            <button
              type="button"
              aria-label={`Remove tag ${tag}`}
              onClick={() => props.onChange(props.tags.filter((other) => other !== tag))}
            >
              <X size={14} aria-hidden="true" />
            </button>
          </span>
        )}
      </For>
      <input
        {...props.control}
        type="text"
        list={props.suggestions}
        value={typed()}
        enterkeyhint="enter"
        onInput={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onBlur={add}
      />
    </div>
  );
};
