/**
 * Who is told what. The decision looks at what people were told last and at what holds now, never at transitions: so
 * none is told twice, `down` and `up` alternate, and what was withheld is told as soon as it may be, if it still holds.
 */

export const standings = ['up', 'down'] as const;
export type Standing = (typeof standings)[number];

export const toldStates = [...standings, 'flapping'] as const;
export type Told = (typeof toldStates)[number];

/** `stable` ends `flapping`; what people know from then on is the standing that the message names. */
export type AlertEvent = Standing | 'flapping' | 'stable';

export interface Situation {
  /** Null before it was known for the first time. */
  standing: Standing | null;
  isFlapping: boolean;
  /** In maintenance, or for another reason that is stated elsewhere. */
  isWithheld: boolean;
}

/** What has to be told now, and what people know afterwards; null where nothing has to be. */
export const alertFor = (
  told: Told,
  { standing, isFlapping, isWithheld }: Situation,
): { event: AlertEvent; told: Told } | null => {
  if (isWithheld || standing === null) return null;
  if (isFlapping) return told === 'flapping' ? null : { event: 'flapping', told: 'flapping' };
  if (told === 'flapping') return { event: 'stable', told: standing };
  return told === standing ? null : { event: standing, told: standing };
};
