import { A } from '@solidjs/router';
import { For, type JSX, Show } from 'solid-js';
import type { AuditEntryView } from '../../../../worker/contract/views.ts';
import { type AuditSubject, subjectOf } from '../../../../worker/domain/teams/audit.ts';
import { guarded } from '../../ui/guarded.tsx';
import { Clock, TimeSpan } from '../../ui/Time.tsx';
import { reclassifiedLabels } from '../verdicts/verdictText.ts';
import { changeText } from './audit.ts';

const Monitor = (props: { entry: AuditEntryView }) => (
  <Show when={props.entry.monitor} fallback="a monitor">
    {(monitor) => (
      <Show when={!monitor().deleted} fallback={<b>{monitor().name}</b>}>
        <A href={`/monitors/${monitor().id}`}>{monitor().name}</A>
      </Show>
    )}
  </Show>
);

const Span = (props: { entry: AuditEntryView }) => (
  <Show when={props.entry.reclassification}>
    {(span) => (
      <>
        <TimeSpan from={span().from} to={span().to} /> of <Monitor entry={props.entry} /> counts as{' '}
        {reclassifiedLabels[span().as]}
      </>
    )}
  </Show>
);

const Incident = (props: { entry: AuditEntryView }) => (
  <Show when={!props.entry.monitor?.deleted} fallback="an incident">
    <A href={`/incidents/${props.entry.incidentId}`}>an incident</A>
  </Show>
);

/** Its page in the dashboard, while it exists. */
const pages: Partial<Record<AuditSubject, (id: string) => string>> = {
  maintenance: (id) => `/maintenance/${id}`,
  channel: (id) => `/alerts/channels/${id}`,
  policy: (id) => `/alerts/policy/${id}`,
  person: () => '/alerts/on-call',
  'on-call': (id) => `/alerts/on-call/${id}`,
  'status-page': (id) => `/status-pages/${id}`,
  team: () => '/settings',
};

const kinds: Partial<Record<AuditSubject, string>> = {
  maintenance: 'the maintenance window',
  channel: 'the channel',
  policy: 'the escalation policy',
  person: 'the person',
  'on-call': 'the on-call schedule',
  'status-page': 'the status page',
  team: 'the team',
};

/** `the channel #ops`, with a link where it still is there. */
const Subject = (props: { entry: AuditEntryView }) => {
  const word = () => subjectOf(props.entry.action);
  return (
    <Show when={props.entry.subject} fallback={kinds[word()]}>
      {(subject) => (
        <>
          {kinds[word()]}{' '}
          <Show when={!subject().deleted} fallback={<b>{subject().name}</b>}>
            <A href={pages[word()]?.(subject().id) ?? '/'}>{subject().name}</A>
          </Show>
        </>
      )}
    </Show>
  );
};

const did = (verb: string) => (entry: AuditEntryView) => (
  <>
    {verb} <Subject entry={entry} />
  </>
);

/** Account owners look for sign-ins from a network and device that the account did not know. */
const signInText = ({ signIn }: AuditEntryView) => {
  const from = signIn?.network ? ` from ${signIn.network}` : '';
  return signIn?.isKnown === false ? `${from}, with a new browser and from a new network` : from;
};

const failedSignIns = ({ signIn }: AuditEntryView) => {
  const attempts = signIn?.attempts ?? 1;
  return attempts === 1 ? 'a failed sign-in' : `${attempts.toLocaleString('en')} failed sign-ins`;
};

const texts: Record<AuditEntryView['action'], (entry: AuditEntryView) => JSX.Element> = {
  'reclassification.created': (entry) => (
    <>
      reclassified: <Span entry={entry} />
    </>
  ),
  'reclassification.revoked': (entry) => (
    <>
      undid: <Span entry={entry} />
    </>
  ),
  'incident.resolved': (entry) => (
    <>
      resolved <Incident entry={entry} /> of <Monitor entry={entry} /> manually
    </>
  ),
  'incident.reopened': (entry) => (
    <>
      reopened <Incident entry={entry} /> of <Monitor entry={entry} />
    </>
  ),
  'monitor.created': (entry) => (
    <>
      created <Monitor entry={entry} />
    </>
  ),
  'monitor.changed': (entry) => (
    <>
      changed the settings of <Monitor entry={entry} />
    </>
  ),
  'monitor.paused': (entry) => (
    <>
      paused <Monitor entry={entry} />
    </>
  ),
  'monitor.resumed': (entry) => (
    <>
      resumed <Monitor entry={entry} />
    </>
  ),
  'monitor.deleted': (entry) => (
    <>
      deleted <Monitor entry={entry} />
    </>
  ),
  'maintenance.created': did('planned'),
  'maintenance.changed': did('changed'),
  'maintenance.ended': did('ended early'),
  'maintenance.deleted': did('deleted'),
  'channel.created': did('created'),
  'channel.changed': did('changed'),
  'channel.deleted': did('deleted'),
  'policy.created': did('created'),
  'policy.changed': did('changed'),
  'policy.deleted': did('deleted'),
  'person.created': did('added'),
  'person.changed': did('changed'),
  'person.deleted': did('deleted'),
  'on-call.created': did('created'),
  'on-call.changed': did('changed'),
  'on-call.deleted': did('deleted'),
  'status-page.created': did('created'),
  'status-page.changed': did('changed'),
  'status-page.deleted': did('deleted'),
  'team.created': did('created'),
  'team.changed': did('changed the settings of'),
  'sign-in.succeeded': (entry) => <>signed in{signInText(entry)}</>,
  'sign-in.failed': (entry) => <>had {failedSignIns(entry)} within an hour</>,
  'sign-out.here': () => 'signed out',
  'sign-out.everywhere': () => 'signed out everywhere',
  'sign-out.other': () => 'signed out another session',
  'sign-out.others': () => 'signed out all other sessions',
};

/** Author, action, time and reason. */
export const AuditEntry = guarded((props: { entry: AuditEntryView }) => (
  <li class="audit-entry" data-testid="audit-entry" data-action={props.entry.action}>
    <div>
      <p>
        <b>{props.entry.author?.email ?? 'Former member'}</b> {texts[props.entry.action](props.entry)}
      </p>
      <Show when={props.entry.reason}>
        {(reason) => (
          <p>
            <q>{reason()}</q>
          </p>
        )}
      </Show>
      <For each={props.entry.changes}>{(change) => <p class="caption">{changeText(change)}</p>}</For>
    </div>
    <span class="caption">
      <Clock at={props.entry.at} />
    </span>
  </li>
));
