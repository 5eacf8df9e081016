import type { ZxcvbnFactory } from '@zxcvbn-ts/core';

/** Whether a password can be guessed. The estimator is large (240 KB compressed), so it is loaded when it is asked. */

/** Fewer than 10^9 guesses do not find it; the scale is explained at https://www.usenix.org/conference/usenixsecurity16/technical-sessions/presentation/wheeler */
const leastGuessesLog10 = 9;

/** Words that people take first, here and in any year. */
const obviousWords = [
  'pharos monitor monitoring uptime status server website spring summer autumn winter fall january february',
  'march april june july august september october november december monday tuesday wednesday thursday friday saturday',
  'sunday welcome company password passwort secret admin change hello',
  'frühling fruehling sommer herbst januar februar märz maerz juni juli oktober dezember montag dienstag mittwoch donnerstag',
  'freitag samstag sonntag willkommen hallo geheim firma ichliebedich weihnachten printemps été ete automne hiver janvier février',
  'bonjour bienvenue motdepasse jetaime primavera verano otoño invierno enero hola bienvenido contraseña contrasena teamo estate',
  'autunno inverno ciao amore verão senha lente zomer herfst wachtwoord пароль привет йцукен йцукенгшщз лето зима весна осень сколько',
]
  .join(' ')
  .split(' ');

let loading: Promise<ZxcvbnFactory> | undefined;

const load = async (): Promise<ZxcvbnFactory> => {
  const [{ ZxcvbnFactory }, common] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ]);
  return new ZxcvbnFactory({ dictionary: common.dictionary, graphs: common.adjacencyGraphs });
};

/** Fetches the estimator before it is needed. Throws where it cannot be loaded; the next call tries again. */
export const loadEstimator = (): Promise<ZxcvbnFactory> => {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
};

const because: Record<string, string> = {
  topTen: 'It is one of the first passwords that attackers try.',
  topHundred: 'It is one of the first passwords that attackers try.',
  common: 'It is a common password.',
  similarToCommon: 'It is close to a common password.',
  simpleRepeat: 'It repeats the same character.',
  extendedRepeat: 'It repeats the same characters.',
  sequences: 'It is a sequence such as “abcd” or “6543”.',
  straightRow: 'It follows a row of keys.',
  keyPattern: 'It follows a pattern of keys.',
  recentYears: 'Attackers try years early.',
  dates: 'Attackers try dates early.',
  userInputs: 'It contains your e-mail address, or words that attackers try early.',
};

/** Why the password is too easy to guess, and what to do; null where it is good enough. `email` is whose it is to be. */
export const passwordWeakness = async (password: string, email: string): Promise<string | null> => {
  const estimator = await loadEstimator();
  const own = [email, ...email.split(/[^\p{L}\p{N}]+/u)].filter((word) => word.length > 2);
  const { guessesLog10, feedback } = estimator.check(password, [...own, ...obviousWords]);
  if (guessesLog10 >= leastGuessesLog10) return null;
  const reason = because[feedback.warning ?? ''] ?? 'It is easy to guess.';
  return `This password is too weak. ${reason} Use several unrelated words, or a password manager.`;
};
