import { type Accessor, type JSX, Match, Switch } from 'solid-js';
import { ProblemMessage } from './ProblemMessage.tsx';

/** The requested content: a placeholder until it arrives, and the error where it does not. */
export const Answered = <T,>(props: {
  query: { isError: boolean; error: unknown; refetch: () => unknown };
  answer: T | undefined;
  waiting: JSX.Element;
  children: (answer: Accessor<NonNullable<T>>) => JSX.Element;
}) => (
  <Switch fallback={props.waiting}>
    <Match when={props.answer}>{(answer) => props.children(answer)}</Match>
    <Match when={props.query.isError}>
      <ProblemMessage error={props.query.error} retry={() => void props.query.refetch()} />
    </Match>
  </Switch>
);
