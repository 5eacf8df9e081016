import { Show } from 'solid-js';

/** The button under a list of which there is more. */
export const LoadMore = (props: {
  list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}) => (
  <Show when={props.list.hasNextPage}>
    <button
      type="button"
      class="button wide"
      disabled={props.list.isFetchingNextPage}
      onClick={() => void props.list.fetchNextPage()}
    >
      {props.list.isFetchingNextPage ? 'Loading…' : 'Load more'}
    </button>
  </Show>
);
