import type { Region } from '../domain/checks/region.ts';
import type { Fate } from '../domain/escalation/delivery.ts';
import type { Verdict } from '../domain/history/uptime.ts';
import type { DecidedVerdict } from '../domain/verdict/state.ts';
import type { TickView } from './monitors.ts';

/** What `GET /api/v1/live` (WebSocket) pushes, one JSON object per message. The client may send `ping`; the answer is `pong`. */
export type LiveEvent =
  | { type: 'ticks'; ticks: TickView[] }
  | {
      type: 'verdict';
      monitorId: string;
      verdict: Verdict;
      verdictSince: string;
      suspect: boolean;
      flapping: boolean;
      regionHealth: Partial<Record<Region, DecidedVerdict>>;
    }
  | { type: 'incident'; incidentId: string; monitorId: string; state: 'open' | 'resolved' }
  /** A delivery was made, tried or settled; null: of no incident, or of many, which were told in one digest. */
  | { type: 'delivery'; deliveryId: string; incidentId: string | null; state: Fate }
  /** A channel, an escalation policy, a person or an on-call schedule was created, changed or deleted, or a channel began or ceased to fail: ask again. */
  | { type: 'channels-changed' }
  /** A region is distrusted, or trusted again: ask again. */
  | { type: 'regions-changed' }
  /** A monitor was created, changed or deleted: ask again. */
  | { type: 'monitors-changed' }
  /** A maintenance window was: ask again. When one begins or ends nothing is told; its times are known. */
  | { type: 'maintenance-changed' };
