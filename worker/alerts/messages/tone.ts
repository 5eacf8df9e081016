import { isOutage } from '../../domain/escalation/events.ts';
import { type AlertMessage, actionOf, type Severity } from './message.ts';

/** The tone of a message, in every channel that has colours: each maps these five and nothing else. */
export const tones = ['critical', 'warning', 'acknowledged', 'good', 'neutral'] as const;
export type Tone = (typeof tones)[number];

/** Green only for recoveries: an acknowledged outage continues, and closing an incident repairs nothing. */
export const toneOf = (message: AlertMessage): Tone => {
  if (message.event === 'test' || message.event === 'resolved') return 'neutral';
  if (message.event === 'acknowledged') return 'acknowledged';
  if (actionOf(message) === 'close') return 'standing' in message && message.standing === 'down' ? 'neutral' : 'good';
  return problemSeverityOf(message) === 'critical' ? 'critical' : 'warning';
};

/** For channels that colour by number or by name: chat bars, card borders. */
export const toneColors: Record<Tone, `#${string}`> = {
  critical: '#d13438',
  warning: '#e0a100',
  acknowledged: '#2b62ad',
  good: '#2e7d32',
  neutral: '#6b7280',
};

/**
 * The tone of the problem, whatever the event: for stateful receivers, which would take an acknowledgement for a change of
 * severity.
 */
export const problemSeverityOf = (message: AlertMessage): Severity => {
  if (message.event === 'test') return 'info';
  if (message.event === 'digest')
    return message.stillDown > 0 || (message.counts.down ?? 0) + (message.counts.reminder ?? 0) > 0
      ? 'critical'
      : 'warning';
  if ('channel' in message) return 'warning';
  const { about, event, standing } = message;
  // A flapping monitor may or may not be down; once it is stable or acknowledged, its state decides.
  const isDown = about === 'down' || (isOutage(about) && event !== 'flapping' && standing === 'down');
  return isDown || event === 'reminder' ? 'critical' : 'warning';
};
