import { type SQLWrapper, sql } from 'drizzle-orm';

/** Where a statement has the columns of a window, and of a monitor. */
interface WindowColumns {
  id: SQLWrapper;
  allMonitors: SQLWrapper;
  tags: SQLWrapper;
}
interface MonitorColumns {
  number: SQLWrapper;
  tags: SQLWrapper;
}

/** Of a statement that calls the table of windows `w`. */
export const windowColumns: WindowColumns = { id: sql`w.id`, allMonitors: sql`w.all_monitors`, tags: sql`w.tags` };

/** Whether the window holds the monitor: it holds all of the team's, names the monitor, or has a tag of it. */
export const covers = (window: WindowColumns, monitor: MonitorColumns) =>
  sql`(${window.allMonitors}
       OR EXISTS (SELECT 1 FROM maintenance_window_monitors AS named
                  WHERE named.window_id = ${window.id} AND named.monitor = ${monitor.number})
       OR EXISTS (SELECT 1 FROM json_each(${monitor.tags}) AS own, json_each(${window.tags}) AS tag WHERE own.value = tag.value))`;
