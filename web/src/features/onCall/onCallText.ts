import type { IncidentEventView, OnCallNowView, OnCallPersonView } from '../../../../worker/contract/views.ts';
import { zonedMoment, zonedSpan } from '../../lib/zoned.ts';

/** On-call in words. */

/** `null`: a gap. */
export const personName = (person: OnCallPersonView | null): string => {
  if (person === null) return 'Nobody';
  return person.name ?? 'Deleted person';
};

/** The end of the shift and the next person, after the name: `is on call until Mon, 23 Nov, 09:00; then Ben.` */
export const onCallText = ({ until, next }: OnCallNowView, timeZone: string, now: number): string => {
  if (until === null || next === null) return 'is on call, with no handover within a year.';
  const then = next.person === null ? 'nobody' : personName(next.person);
  return `is on call until ${zonedMoment(until, timeZone, now)}; then ${then}.`;
};

/** What happens to alerts in a gap. An incident's timeline shows it; other problems have none. */
export const gapText =
  'In a gap, an outage notifies the next step of its policy, or all channels. Advisories, such as a slow monitor, notify nobody.';

type UnreachedEvent = Extract<IncidentEventView, { kind: 'unreached' }>;

const inPlaceWords: Record<NonNullable<UnreachedEvent['inPlace']>, string> = {
  'later-step': '. The next step with a reachable recipient was notified at once',
  'all-channels': '. No step had a reachable recipient, so all channels were notified',
  nobody: '. Nobody was notified',
};

/** `Nobody was on call in Ops. The next step …` */
export const unreachedText = ({ unreached, inPlace }: UnreachedEvent): string => {
  const phrases = unreached.map(({ schedule, person }) => {
    if (person === null) return `Nobody was on call in ${schedule}`;
    return `${person}${schedule === null ? '' : `, on call in ${schedule},`} has no channel`;
  });
  return `${phrases.join('. ')}${inPlace === null ? '' : inPlaceWords[inPlace]}`;
};

export interface Period {
  from: string;
  to: string;
}

/** The time of a shift, of which only the part within the period is known. */
export const shiftTimes = ({ from, to }: Period, period: Period, timeZone: string, now: number): string => {
  const [begins, ends] = [from !== period.from, to !== period.to];
  if (begins && ends) return zonedSpan({ from, to }, timeZone, now);
  if (begins) return `from ${zonedMoment(from, timeZone, now)}`;
  return ends ? `until ${zonedMoment(to, timeZone, now)}` : 'the whole time';
};
