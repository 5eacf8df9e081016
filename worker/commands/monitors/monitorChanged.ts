import { z } from 'zod';
import { type MonitorChange, publishMonitorChange } from '../../checks/dispatch/monitorLifecycle.ts';
import type { MonitorDetailView } from '../../contract/monitors.ts';
import type { MonitorRow } from '../../db/monitors/monitorRow.ts';
import { logFailure } from '../../log.ts';
import type { Context } from '../command.ts';
import { readMonitorDetail } from './monitorView.ts';

export const monitorIdField = z.string();

/**
 * Propagates a change to the places where the monitor is checked, judged and shown. The written change is valid even if that
 * fails: the next dispatch finds it in the database. Awaited, because a first check that is dropped with the request would make
 * the monitor appear dead.
 */
export const publishChange = async (
  { services, requestId }: Context,
  { id, teamId, number }: MonitorRow,
  change: MonitorChange,
): Promise<void> => {
  try {
    await publishMonitorChange(services, { id, teamId, number, change });
  } catch (error) {
    logFailure('effect', requestId, error, { monitorId: id, change });
  }
};

/** The monitor for its page after a change; null: nothing changed. */
export const monitorChanged = async (
  context: Context,
  monitor: MonitorRow,
  change: MonitorChange | null,
): Promise<MonitorDetailView> => {
  if (change !== null) await publishChange(context, monitor, change);
  return readMonitorDetail(context.services, monitor);
};
