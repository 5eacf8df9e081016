import { Show } from 'solid-js';
import { ago, exactTime, shortTime } from '../lib/format.ts';
import { now } from '../lib/now.ts';

/** `3 minutes ago`, with the exact time and its zone in the title. */
export const Ago = (props: { at: string }) => (
  <time dateTime={props.at} title={exactTime(props.at)}>
    {ago(props.at, now())}
  </time>
);

/** `14:03:21`, or with the day where that is another, with the exact time and its zone in the title. */
export const Clock = (props: { at: string }) => (
  <time dateTime={props.at} title={exactTime(props.at)}>
    {shortTime(props.at, now())}
  </time>
);

/** ` until 14:03:21`, or nothing where the end is not known. */
export const Until = (props: { at: string | null }) => (
  <Show when={props.at}>
    {(at) => (
      <>
        {' '}
        until <Clock at={at()} />
      </>
    )}
  </Show>
);

/** `14:03:21 – 14:09:04`; `to`: null while it goes on. */
export const TimeSpan = (props: { from: string; to: string | null }) => (
  <>
    <Clock at={props.from} /> –{' '}
    <Show when={props.to} fallback="now">
      {(to) => <Clock at={to()} />}
    </Show>
  </>
);
