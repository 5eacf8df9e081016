import { type Component, ErrorBoundary } from 'solid-js';
import { isUnloaded } from '../lib/problem.ts';
import { ProblemMessage } from './ProblemMessage.tsx';

/**
 * A widget whose failure costs the page nothing but itself: a message with "Try again" takes its place. A module that
 * failed to load is not asked for again by the same document, so that is a reload.
 */
export const guarded =
  <Props extends object>(Widget: Component<Props>): Component<Props> =>
  (props) => (
    <ErrorBoundary
      fallback={(error, reset) => (
        <ProblemMessage error={error} retry={() => (isUnloaded(error) ? window.location.reload() : reset())} />
      )}
    >
      <Widget {...props} />
    </ErrorBoundary>
  );
