import { type DeliveryEvent, isOutage } from '../../domain/escalation/events.ts';
import type { Refusal } from '../../domain/verdict/state.ts';
import type { MessageDraft } from './addLinks.ts';

type DoneContext = Pick<MessageDraft, 'about' | 'acknowledgedBy' | 'standing'>;

interface Context extends DoneContext {
  reopenedBy: string | undefined;
  /** Why no region has a result, where the reason is the same for all. */
  refusal: Refusal | null;
  /** Explains the verdict. */
  sentence: string;
}

/** The reason in a message: a person's action, or the sentence of the verdict with its context. */
export const whyText = (event: DeliveryEvent, { reopenedBy, refusal, sentence, ...notified }: Context): string => {
  const done = doneText(event, notified);
  if (done !== null) return done;
  if (event === 'unknown' && refusal) return `${sentence} ${letThrough}`;
  if (reopenedBy) return `${reopenedBy} reopened the incident in Pharos. ${sentence}`;
  return event === 'unknown' ? `This is a problem of Pharos, not of your monitor. ${sentence}` : sentence;
};

/** Null where the verdict contains it. */
const doneText = (event: DeliveryEvent, { about, acknowledgedBy, standing }: DoneContext): string | null => {
  if (event === 'resolved') return `${acknowledgedBy ?? 'A team member'} resolved the incident in Pharos.`;
  return event === 'recovered' && !isOutage(about) && standing === 'down' ? 'An outage replaced this advisory.' : null;
};

const letThrough = 'Allow the checks in your firewall, by the identification header or by their User-Agent.';

/** The reason of a recovery that is sent because of a pause or a deletion. */
export const noLongerChecked = 'The monitor was paused or deleted, so its checks have stopped.';
