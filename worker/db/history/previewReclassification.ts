import {
  countedSpans,
  type ReclassifiedAs,
  type Span,
  type VerdictMs,
  verdictMs,
} from '../../domain/history/uptime.ts';
import type { Services } from '../../services.ts';
import type { MonitorRow } from '../monitors/monitorRow.ts';
import { getMonitor, type OwnId } from '../monitors/monitors.ts';
import { refuseReclassification } from './reclassifications.ts';
import { readHistories } from './uptime.ts';

const monthMs = 30 * 86_400_000;

interface Comparison {
  before: VerdictMs;
  after: VerdictMs;
}

/** Effect of a reclassification on the reclassified time and on the last 30 days. Throws the errors of its creation. */
export const previewReclassification = async (
  services: Services,
  { from, to, as, ...own }: OwnId & Span & { as: ReclassifiedAs },
): Promise<{ itself: Comparison; month: Comparison }> => {
  const monitor = await getMonitor(services.db, own);
  await refuseReclassification(services, monitor, { from, to });
  const now = services.now();
  const added = { from, to, as };
  const [itself, month] = await Promise.all([
    compare(services, monitor, { from, to }, added),
    compare(services, monitor, { from: now - monthMs, to: now }, added),
  ]);
  return { itself, month };
};

const compare = async (
  services: Services,
  monitor: MonitorRow,
  period: Span,
  added: Span & { as: ReclassifiedAs },
): Promise<Comparison> => {
  const history = (await readHistories(services, [monitor], period)).get(monitor.number) ?? { spans: [], gaps: [] };
  const known = history.reclassified ?? [];
  const reclassified = [...known, { ...added, id: '' }].sort((a, b) => a.from - b.from);
  return {
    before: verdictMs(countedSpans(history, period)),
    after: verdictMs(countedSpans({ ...history, reclassified }, period)),
  };
};
