import Check from 'lucide-solid/icons/circle-check';
import Unknown from 'lucide-solid/icons/circle-dashed';
import Pause from 'lucide-solid/icons/circle-pause';
import Down from 'lucide-solid/icons/circle-x';
import Degraded from 'lucide-solid/icons/triangle-alert';
import Maintenance from 'lucide-solid/icons/wrench';
import { Dynamic } from 'solid-js/web';
import type { Verdict } from '../../../../worker/domain/history/uptime.ts';
import { verdictLabels } from './verdictText.ts';

const icons = { up: Check, degraded: Degraded, down: Down, unknown: Unknown, paused: Pause, maintenance: Maintenance };

/** Icon, word and colour together: the colour is never the only sign. `waiting`: unknown, as there is no data yet. */
export const VerdictBadge = (props: { verdict: Verdict; waiting?: boolean; large?: boolean }) => (
  <span class="verdict" classList={{ large: props.large ?? false }} data-verdict={props.verdict} data-testid="verdict">
    <Dynamic component={icons[props.verdict]} size={props.large ? 22 : 18} aria-hidden="true" />
    <span>{props.waiting ? 'Waiting' : verdictLabels[props.verdict]}</span>
  </span>
);
