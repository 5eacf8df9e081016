import {
  type ChoosableEvent,
  choosableEvents,
  type EscalationPolicy,
  type Target,
} from '../../../../worker/domain/escalation/escalationPolicy.ts';
import { advisoryHoldMs } from '../../../../worker/domain/verdict/alerts.ts';
import { duration } from '../../lib/format.ts';

/** Alerts in words. */

/** Those that something detects: certificates and domains are not checked yet, and nobody shall rely on hearing of them. */
export const occurringEvents = choosableEvents.filter((event) => event !== 'expiring');

/** The label of each event, and when it is sent where that is not obvious. */
export const choosableEventLabels: Record<ChoosableEvent, { label: string; hint?: string }> = {
  down: { label: 'Down', hint: 'Enough regions fail for an outage.' },
  flapping: { label: 'Flapping', hint: 'Frequent changes between up and down: one alert.' },
  degraded: { label: 'Slow', hint: `Responses slower than the limit for ${duration(advisoryHoldMs)}.` },
  regional: { label: 'Fails in some regions', hint: `Too few regions for an outage, for ${duration(advisoryHoldMs)}.` },
  expiring: { label: 'Expires soon', hint: 'A certificate or domain.' },
  unknown: { label: 'No data', hint: `No result for ${duration(advisoryHoldMs)}.` },
  recovered: { label: 'Recovered', hint: 'Sent to all recipients of the problem alert.' },
};

/** Minutes as long as they are whole and few: `10 min`. */
const shortDuration = (seconds: number) =>
  seconds % 60 === 0 && seconds < 7_200 ? `${seconds / 60} min` : duration(seconds * 1000);

const listed = (names: string[]) =>
  names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : (names[0] ?? 'nobody');

const timesText = (count: number) => (count === 1 ? 'once more' : `${count} more times`);

/** `At once to #ops; after 10 min, unless somebody acknowledges, to PagerDuty.` */
export const escalationText = (policy: EscalationPolicy, nameOf: (target: Target) => string): string => {
  const { steps, repeat, pauseSeconds, remindEveryMinutes } = policy;
  if (steps.length === 0) return 'Nobody is notified.';
  const phrases = steps.map(({ afterSeconds, targets }, i) => {
    const when = afterSeconds === 0 ? 'at once' : `after ${shortDuration(afterSeconds)}`;
    return `${when}${i === 1 ? ', unless acknowledged,' : ''} to ${listed(targets.map(nameOf))}`;
  });
  const again =
    repeat > 0 ? ` Then all steps ${timesText(repeat)}, ${shortDuration(pauseSeconds)} after the last step.` : '';
  const reminder =
    remindEveryMinutes === null
      ? ''
      : ` A reminder every ${shortDuration(remindEveryMinutes * 60)} while the monitor is down and the incident is not acknowledged.`;
  const text = phrases.join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.${again}${reminder}`;
};
