import { z } from 'zod';
import { type MonitorChange, publishMonitorChange } from '../../checks/dispatch/monitorLifecycle.ts';
import type { MonitorDetailView } from '../../contract/monitors.ts';
import type { MonitorRow } from '../../db/monitors/monitorRow.ts';
import { logFailure } from '../../log.ts';
import type { Context } from '../command.ts';
import { readMonitorDetail } from './monitorView.ts';

export const monitorIdField = z.string();

/**
 * Carries a change to where the monitor is checked, judged and shown. What was written counts even if that fails: the next
 * dispatch finds it in the database. Awaited, because a first check that is dropped with the request is a monitor that
 * seems dead.
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

/** The monitor as its page shows it after a change; null: nothing was different. */
export const monitorChanged = async (
  context: Context,
  monitor: MonitorRow,
  change: MonitorChange | null,
): Promise<MonitorDetailView> => {
  if (change !== null) await publishChange(context, monitor, change);
  return readMonitorDetail(context.services, monitor);
};
