import { type JSX, Show } from 'solid-js';
import { presentRegionsQuery } from '../features/verdicts/regionQueries.ts';
import { Skeleton } from '../ui/Skeleton.tsx';
import { createFirstAnswers, FirstAnswersProvider } from './cache/firstAnswers.ts';
import { useQuery } from './cache/query.ts';

/** Shows a page once its first answers are there. Until then it is laid out unseen, and grey rows stand for it. */
export const SettledPage = (props: { children: JSX.Element }) => {
  const answers = createFirstAnswers();
  return (
    <FirstAnswersProvider value={answers.register}>
      <div class="settling" aria-busy={!answers.isThere()}>
        <Show when={!answers.isThere()}>
          <Skeleton rows={5} height="row" />
        </Show>
        <div class="settled" data-hidden={answers.isThere() ? undefined : ''}>
          <Settled>{props.children}</Settled>
        </div>
      </div>
    </FirstAnswersProvider>
  );
};

/** Beneath the provider, so that the notices of the frame count as well, which stand above the page and move it. */
const Settled = (props: { children: JSX.Element }) => {
  useQuery(presentRegionsQuery);
  return <>{props.children}</>;
};
