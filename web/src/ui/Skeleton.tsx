import { Index } from 'solid-js';

/** Grey rows of the height of the coming content, so that nothing jumps. */
export const Skeleton = (props: { rows: number; height: 'line' | 'row' | 'card' | 'chart' }) => (
  <div class="skeleton" role="status" aria-label="Loading">
    <Index each={Array.from({ length: props.rows })}>{() => <div class={`skeleton-${props.height}`} />}</Index>
  </div>
);
