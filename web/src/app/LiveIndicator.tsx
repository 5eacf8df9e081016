import { guarded } from '../ui/guarded.tsx';
import type { LiveState } from './live/createLive.ts';

const words: Record<LiveState, { text: string; title: string }> = {
  live: { text: 'Live', title: 'New results appear at once.' },
  reconnecting: { text: 'Reconnecting', title: 'Restoring the live connection.' },
  polling: { text: 'Polling', title: 'No live connection. The page refreshes every 15 seconds.' },
  offline: { text: 'Offline', title: 'Pharos cannot be reached. The page shows earlier data.' },
};

export const LiveIndicator = guarded((props: { state: LiveState }) => (
  <span class="live" data-state={props.state} title={words[props.state].title} role="status" data-testid="live-state">
    <span class="live-dot" aria-hidden="true" />
    {words[props.state].text}
  </span>
));
