import Alert from 'lucide-solid/icons/bell';
import Suppression from 'lucide-solid/icons/bell-off';
import Notified from 'lucide-solid/icons/bell-ring';
import Passed from 'lucide-solid/icons/circle-check';
import Paused from 'lucide-solid/icons/circle-pause';
import Resumed from 'lucide-solid/icons/circle-play';
import Failed from 'lucide-solid/icons/circle-x';
import FileText from 'lucide-solid/icons/file-text';
import MessageSquare from 'lucide-solid/icons/message-square';
import Unreached from 'lucide-solid/icons/phone-off';
import Radar from 'lucide-solid/icons/radar';
import Reopened from 'lucide-solid/icons/rotate-ccw';
import Scale from 'lucide-solid/icons/scale';
import Siren from 'lucide-solid/icons/siren';
import NotificationFailed from 'lucide-solid/icons/triangle-alert';
import Taken from 'lucide-solid/icons/user-check';
import { For, type JSX, Show } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import type { IncidentEventView } from '../../../../worker/contract/views.ts';
import type { AlertEvent } from '../../../../worker/domain/verdict/alerts.ts';
import { guarded } from '../../ui/guarded.tsx';
import { Clock, TimeSpan } from '../../ui/Time.tsx';
import { unreachedText } from '../onCall/onCallText.ts';
import { Suppression as SuppressionText } from '../verdicts/Suppression.tsx';
import { deliveryText, reclassifiedLabels } from '../verdicts/verdictText.ts';
import { IncidentEvidence } from './IncidentEvidence.tsx';

const icons: Record<IncidentEventView['kind'], typeof Failed> = {
  failed: Failed,
  evidence: Radar,
  confirmed: Siren,
  alert: Alert,
  suppressed: Suppression,
  notified: Notified,
  'notification-failed': NotificationFailed,
  unreached: Unreached,
  'over-limit': NotificationFailed,
  recovered: Passed,
  paused: Paused,
  resumed: Resumed,
  acknowledged: Taken,
  comment: MessageSquare,
  resolved: Passed,
  reopened: Reopened,
  cause: FileText,
  'post-mortem': FileText,
  reclassified: Scale,
  'reclassification-revoked': Scale,
};

const alerts: Record<AlertEvent, string> = {
  down: 'the monitor is down',
  up: 'the monitor is up again',
  flapping: 'the monitor is flapping; status changes cause no alerts until it is stable',
  stable: 'the monitor is stable again',
};

const who = (event: IncidentEventView) => event.author?.email ?? 'Former member';

const texts: {
  [Kind in IncidentEventView['kind']]: (event: Extract<IncidentEventView, { kind: Kind }>) => JSX.Element;
} = {
  failed: () => 'First failed check',
  evidence: (event) => <IncidentEvidence evidence={event.evidence} />,
  confirmed: () => 'Confirmed: the monitor is down',
  alert: ({ alert, channels }) =>
    channels === 0 ? (
      <>Alert without recipients: {alerts[alert]}</>
    ) : (
      <>
        Alert to {channels} {channels === 1 ? 'channel' : 'channels'}: {alerts[alert]}
      </>
    ),
  suppressed: (event) => <SuppressionText because={event.because} />,
  notified: (event) => (
    <>
      Notified through {event.channel.name}: {deliveryText[event.event]}
    </>
  ),
  'notification-failed': (event) => (
    <>
      Not delivered through {event.channel.name}: {deliveryText[event.event]}
    </>
  ),
  unreached: unreachedText,
  'over-limit': ({ limit }) => (
    <>
      No alert was sent: the team has reached its limit of {limit.toLocaleString('en')} alerts per day (alertsPerDay)
      until 00:00 UTC
    </>
  ),
  recovered: (event) => (
    <>
      Confirmed: the monitor has recovered, since <Clock at={event.passingSince} />
    </>
  ),
  paused: (event) => <>{who(event)} paused the monitor</>,
  resumed: (event) => <>{who(event)} resumed the monitor</>,
  acknowledged: (event) => (
    <>
      {event.through
        ? `Acknowledged through the link in a message to ${event.through}`
        : `${who(event)} acknowledged the incident`}
    </>
  ),
  comment: (event) => (
    <>
      <span class="event-author">{who(event)}</span>
      <p class="event-comment">{event.text}</p>
    </>
  ),
  resolved: (event) => <>{who(event)} resolved the incident manually</>,
  reopened: (event) => <>{who(event)} reopened the incident</>,
  cause: (event) => (
    <Show when={event.text} fallback={<>{who(event)} removed the cause</>}>
      {(text) => (
        <>
          {who(event)} set the cause: <q>{text()}</q>
        </>
      )}
    </Show>
  ),
  'post-mortem': (event) => <>{who(event)} changed the post-mortem</>,
  reclassified: (event) => (
    <>
      {who(event)} reclassified <TimeSpan {...event.reclassified} /> as {reclassifiedLabels[event.reclassified.as]}:{' '}
      <q>{event.text}</q>
    </>
  ),
  'reclassification-revoked': (event) => (
    <>
      {who(event)} undid the reclassification of <TimeSpan {...event.reclassified} /> as{' '}
      {reclassifiedLabels[event.reclassified.as]}
    </>
  ),
};

const textOf = (event: IncidentEventView) => (texts[event.kind] as (event: IncidentEventView) => JSX.Element)(event);

/** The events of an incident and the actions of people, oldest first. */
export const IncidentTimeline = guarded((props: { events: IncidentEventView[] }) => (
  <ol class="timeline" aria-label="Timeline">
    <For each={props.events}>
      {(event) => (
        <li class="event" data-kind={event.kind} data-testid="event">
          <span class="event-icon">
            <Dynamic component={icons[event.kind]} size={18} aria-hidden="true" />
          </span>
          <div class="event-text">{textOf(event)}</div>
          <span class="event-time">
            <Clock at={event.at} />
          </span>
        </li>
      )}
    </For>
  </ol>
));
