import { type SQLWrapper, sql } from 'drizzle-orm';

/** The names of a window's and a monitor's columns in a statement. */
interface WindowColumns {
  id: SQLWrapper;
  allMonitors: SQLWrapper;
  tags: SQLWrapper;
}
interface MonitorColumns {
  number: SQLWrapper;
  tags: SQLWrapper;
}

/** For a statement that names the table of windows `w`. */
export const windowColumns: WindowColumns = { id: sql`w.id`, allMonitors: sql`w.all_monitors`, tags: sql`w.tags` };

/** Whether the window covers the monitor: it covers all monitors of the team, names this one, or has one of its tags. */
export const covers = (window: WindowColumns, monitor: MonitorColumns) =>
  sql`(${window.allMonitors}
       OR EXISTS (SELECT 1 FROM maintenance_window_monitors AS named
                  WHERE named.window_id = ${window.id} AND named.monitor = ${monitor.number})
       OR EXISTS (SELECT 1 FROM json_each(${monitor.tags}) AS own, json_each(${window.tags}) AS tag WHERE own.value = tag.value))`;
