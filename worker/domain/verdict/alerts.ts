/**
 * Which alert is due. The decision compares the last notification with the present standing and ignores transitions. So no
 * alert is sent twice, `down` and `up` alternate, and a suppressed alert is sent once the suppression ends, if it still
 * holds.
 */

export const standings = ['up', 'down'] as const;
export type Standing = (typeof standings)[number];

export const notifiedStates = [...standings, 'flapping'] as const;
export type NotifiedState = (typeof notifiedStates)[number];

/** `stable` ends `flapping`; from then on recipients know the standing that the message names. */
export const alertEvents = [...notifiedStates, 'stable'] as const;
export type AlertEvent = (typeof alertEvents)[number];

export interface Situation {
  /** Null before the first decision. */
  standing: Standing | null;
  isFlapping: boolean;
}

/**
 * The alert that is due, and the state that recipients know afterwards; null where none is due. Suppression is decided
 * elsewhere.
 */
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
 * An advisory (domain/verdict/watchAdvisories.ts) is reported once it has lasted this long, and its end once it has been over
 * for this long. Nobody has to act within minutes, and an advisory that comes and goes is one problem with one alert.
 */
export const advisoryHoldMs = 300_000;
