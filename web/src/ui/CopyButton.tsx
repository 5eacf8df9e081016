import Copy from 'lucide-solid/icons/copy';
import { createSignal } from 'solid-js';

/** Copies a text, and reports the result. */
export const CopyButton = (props: { text: string; label?: string }) => {
  const [said, setSaid] = createSignal('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(props.text);
      setSaid('Copied');
    } catch {
      setSaid('Copying failed. Select the text and copy it.');
    }
  };
  return (
    <>
      <button type="button" class="button small" aria-label={props.label} onClick={() => void copy()}>
        <Copy size={16} aria-hidden="true" />
        Copy
      </button>
      <span class="said" role="status">
        {said()}
      </span>
    </>
  );
};
