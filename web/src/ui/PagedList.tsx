import { type JSX, Match, Switch } from 'solid-js';
import { LoadMore } from './LoadMore.tsx';
import { ProblemMessage } from './ProblemMessage.tsx';
import { Skeleton } from './Skeleton.tsx';

/** A paginated list: with its placeholder, its error, and the text for an empty one. */
export const PagedList = (props: {
  list: {
    isPending: boolean;
    isError: boolean;
    error: unknown;
    refetch: () => unknown;
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    fetchNextPage: () => unknown;
  };
  isEmpty: boolean;
  empty: JSX.Element;
  children: JSX.Element;
}) => (
  <Switch>
    <Match when={props.list.isPending}>
      <Skeleton rows={4} height="row" />
    </Match>
    <Match when={props.list.isError && props.isEmpty}>
      <ProblemMessage error={props.list.error} retry={() => void props.list.refetch()} />
    </Match>
    <Match when={props.isEmpty}>{props.empty}</Match>
    <Match when={true}>
      {props.children}
      <LoadMore list={props.list} />
    </Match>
  </Switch>
);
