import { A } from '@solidjs/router';
import Pencil from 'lucide-solid/icons/pencil';
import Trash from 'lucide-solid/icons/trash';
import { Show } from 'solid-js';

/** The actions of most list items. */
export const EditAndDelete = (props: {
  name: string;
  href: string;
  /** Undefined for what cannot be deleted. */
  onDelete: (() => void) | undefined;
}) => (
  <>
    <A href={props.href} class="button" aria-label={`Edit ${props.name}`}>
      <Pencil size={18} aria-hidden="true" />
      Edit
    </A>
    <Show when={props.onDelete}>
      {(act) => (
        <button type="button" class="button danger-quiet" aria-label={`Delete ${props.name}`} onClick={() => act()()}>
          <Trash size={18} aria-hidden="true" />
          Delete
        </button>
      )}
    </Show>
  </>
);
