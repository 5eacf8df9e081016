import type { Effect } from '../../domain/verdict/effect.ts';
import type { SuppressionReason } from '../schema.ts';

/** The timeline events that are stored. The id of an incident is fixed once, so that writing twice is harmless. */
export type Transition = Extract<Effect, { type: 'verdict' }>;

export type Outage = Extract<Effect, { type: 'outage' }> & { incidentId: string | null };

export type Joined = Extract<Effect, { type: 'joined' }> & { incidentId: string | null };

export type Alert = Extract<Effect, { type: 'alert' }> & { incidentId: string | null };

export type Suppressed = Omit<Extract<Effect, { type: 'suppressed' }>, 'because'> & {
  incidentId: string | null;
  because: SuppressionReason;
};

export type TimelineEvent = Transition | Outage | Joined | Alert | Suppressed;
