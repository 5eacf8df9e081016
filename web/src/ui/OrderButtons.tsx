import ArrowDown from 'lucide-solid/icons/arrow-down';
import ArrowUp from 'lucide-solid/icons/arrow-up';
import X from 'lucide-solid/icons/x';

/** Moves an entry of a list up or down, or takes it out. Found by `data-move` and `data-remove` where the focus goes on. */
export const OrderButtons = (props: {
  /** The name for the buttons, such as `step 2`. */
  what: string;
  /** The label of the last button, where it is not "Remove …". */
  removing?: string;
  isFirst: boolean;
  isLast: boolean;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}) => (
  <>
    <button
      type="button"
      class="icon-button"
      data-move="up"
      aria-label={`Move ${props.what} up`}
      disabled={props.isFirst}
      onClick={() => props.onMove(-1)}
    >
      <ArrowUp size={18} aria-hidden="true" />
    </button>
    <button
      type="button"
      class="icon-button"
      data-move="down"
      aria-label={`Move ${props.what} down`}
      disabled={props.isLast}
      onClick={() => props.onMove(1)}
    >
      <ArrowDown size={18} aria-hidden="true" />
    </button>
    <button
      type="button"
      class="icon-button"
      data-remove=""
      aria-label={props.removing ?? `Remove ${props.what}`}
      onClick={() => props.onRemove()}
    >
      <X size={18} aria-hidden="true" />
    </button>
  </>
);
