import type { Fate } from '../../worker/domain/escalation/delivery.ts';
import type { ChoosableEvent, EscalationPolicy, Target } from '../../worker/domain/escalation/policy.ts';
import { duration } from './format.ts';

/** Alerts in words. */

export const fateWords: Record<Fate, string> = {
  waiting: 'Waiting',
  sending: 'Being sent',
  delivered: 'Delivered',
  dead: 'Given up',
  skipped: 'Left out',
};

/** The policy knows more events; these are the ones that Pharos tells by now. */
export const choosableEventWords = {
  down: 'Down',
  flapping: 'Flapping between up and down',
  recovered: 'Recovered',
} satisfies Partial<Record<ChoosableEvent, string>>;

/** Minutes as long as they are whole and few: `10 min`. */
const shortDuration = (seconds: number) =>
  seconds % 60 === 0 && seconds < 7_200 ? `${seconds / 60} min` : duration(seconds * 1000);

const listed = (names: string[]) =>
  names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : (names[0] ?? 'nobody');

const timesText = (count: number) => (count === 1 ? 'once more' : `${count} times more`);

/** `At once to #ops; after 10 min, unless somebody acknowledges, to PagerDuty.` */
export const escalationText = (policy: EscalationPolicy, nameOf: (target: Target) => string): string => {
  const { steps, repeat, pauseSeconds, remindEveryMinutes } = policy;
  if (steps.length === 0) return 'Nobody is told.';
  const phrases = steps.map(({ afterSeconds, targets }, i) => {
    const when = afterSeconds === 0 ? 'at once' : `after ${shortDuration(afterSeconds)}`;
    return `${when}${i === 1 ? ', unless somebody acknowledges,' : ''} to ${listed(targets.map(nameOf))}`;
  });
  const again =
    repeat > 0 ? ` Then all of it ${timesText(repeat)}, ${shortDuration(pauseSeconds)} after the last step.` : '';
  const reminder =
    remindEveryMinutes === null
      ? ''
      : ` A reminder every ${shortDuration(remindEveryMinutes * 60)} while it is down and nobody has acknowledged.`;
  const text = phrases.join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.${again}${reminder}`;
};
