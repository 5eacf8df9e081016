/**
 * Who is told what. The decision looks at what people were told last and at what holds now, never at transitions: so
 * none is told twice, `down` and `up` alternate, and what was suppressed is told as soon as it may be, if it still holds.
 */

export const standings = ['up', 'down'] as const;
export type Standing = (typeof standings)[number];

export const notifiedStates = [...standings, 'flapping'] as const;
export type NotifiedState = (typeof notifiedStates)[number];

/** `stable` ends `flapping`; what people know from then on is the standing that the message names. */
export const alertEvents = [...notifiedStates, 'stable'] as const;
export type AlertEvent = (typeof alertEvents)[number];

export interface Situation {
  /** Null before it was known for the first time. */
  standing: Standing | null;
  isFlapping: boolean;
}

/** What is due to be told, and what people know afterwards; null where nothing is. Whether it may be is another matter. */
export const alertFor = (
  notified: NotifiedState,
  { standing, isFlapping }: Situation,
): { event: AlertEvent; notified: NotifiedState } | null => {
  if (standing === null) return null;
  if (isFlapping) return notified === 'flapping' ? null : { event: 'flapping', notified: 'flapping' };
  if (notified === 'flapping') return { event: 'stable', notified: standing };
  return notified === standing ? null : { event: standing, notified: standing };
};

/**
 * An advisory (domain/verdict/watchAdvisories.ts) is reported once it has lasted so long, and its end once it has been gone for so long:
 * nobody has to act within minutes, and what comes and goes is one problem, told once.
 */
export const advisoryHoldMs = 300_000;
