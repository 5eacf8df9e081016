import { A } from '@solidjs/router';
import Regional from 'lucide-solid/icons/map-pin-x';
import Flapping from 'lucide-solid/icons/repeat';
import { For, Show } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import type { MonitorView } from '../../../../worker/contract/views.ts';
import type { Region } from '../../../../worker/domain/checks/region.ts';
import { advisoryHoldMs } from '../../../../worker/domain/verdict/alerts.ts';
import {
  type Condition,
  conditionsOf,
  isWaiting,
  type Judged,
  regionalProblem,
} from '../../../../worker/domain/verdict/condition.ts';
import { flappingFloor } from '../../../../worker/domain/verdict/flapping.ts';
import { duration } from '../../lib/format.ts';
import { conditionLabels, regionalText } from '../verdicts/verdictText.ts';
import '../verdicts/why.css';
import { guarded } from '../../ui/guarded.tsx';

const icons = { regional: Regional, flapping: Flapping };

export const ConditionIcon = (props: { condition: Condition; size: number }) => (
  <Dynamic component={icons[props.condition]} size={props.size} aria-hidden="true" />
);

/** The conditions beside the verdict, as badges. */
export const Conditions = guarded(
  (props: { monitor: Judged & { flapping: boolean }; distrusted: readonly Region[] }) => (
    <For each={conditionsOf(props.monitor, props.distrusted)}>
      {(condition) => (
        <span class="condition" data-testid="condition">
          <ConditionIcon condition={condition} size={15} />
          {conditionLabels[condition]}
        </span>
      )}
    </For>
  ),
);

/** Their explanation, for the monitor's own page. `refused`: the target's protection refuses checks. */
export const ConditionNotes = (props: { monitor: MonitorView; distrusted: readonly Region[]; refused: boolean }) => (
  <>
    <Show when={regionalProblem(props.monitor, props.distrusted)}>
      {(problem) => (
        <p class="condition-note" data-testid="regional-problem">
          <b>{regionalText(problem())}.</b> Too few regions for an outage, so no incident was opened.{' '}
          <A href="/alerts/policy">Policies with this event</A> notify after {duration(advisoryHoldMs)}.
        </p>
      )}
    </Show>
    <Show when={props.monitor.flapping}>
      <p class="condition-note" data-testid="flapping">
        <b>Flapping: more than {props.monitor.flappingChanges} status changes within</b>{' '}
        <b>
          {props.monitor.flappingWithinMinutes} minutes, or more than {flappingFloor.changes} within an hour.
        </b>{' '}
        Pharos sends one alert now and one when the monitor is stable again. All changes between them belong to one
        incident.
      </p>
    </Show>
    <Show when={props.monitor.verdict === 'unknown' && !isWaiting(props.monitor)}>
      <p class="condition-note" data-testid="unknown">
        <Show when={!props.refused}>
          <b>This is a problem of Pharos, not of your target.</b>{' '}
        </Show>
        Pharos reports no outage, and this time does not count towards uptime.
      </p>
    </Show>
  </>
);
