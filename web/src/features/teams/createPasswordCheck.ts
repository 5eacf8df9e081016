import { createSignal, onCleanup } from 'solid-js';
import { afterPress } from '../../ui/primitives/afterPress.ts';

/** Nobody reads advice about a password while typing. */
const pauseMs = 250;

const load = () => import('../../../../worker/domain/teams/passwordStrength.ts');

/**
 * What is wrong with a new password, while it is typed. The estimator is fetched when it is first needed; where that
 * fails nothing is said here, and the API judges.
 */
export const createPasswordCheck = () => {
  const [judged, setJudged] = createSignal<{ password: string; weakness: string | null } | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest = '';
  onCleanup(() => clearTimeout(timer));

  const judge = async (password: string, email: string): Promise<string | null> => {
    const weakness = await load()
      .then(({ passwordWeakness }) => passwordWeakness(password, email))
      .catch(() => null);
    afterPress(() => latest === password && setJudged({ password, weakness }));
    return weakness;
  };

  return {
    /** The result for the latest checked password; null while another one is typed. */
    judged,
    /** Fetches the estimator. */
    prepare: () =>
      void load()
        .then(
          ({ loadEstimator }) => loadEstimator(),
          () => undefined,
        )
        .catch(() => undefined),
    /** Looks at it when the typing pauses. */
    look: (password: string, email: string) => {
      clearTimeout(timer);
      latest = password;
      setJudged(null);
      if (password.length >= 10) timer = setTimeout(() => void judge(password, email), pauseMs);
    },
    /** Looks at it now. */
    judge: (password: string, email: string) => {
      clearTimeout(timer);
      latest = password;
      return judge(password, email);
    },
  };
};
