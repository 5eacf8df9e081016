import { fieldKit } from '../worker/checks/kinds/fieldKit.ts';
import { http } from '../worker/checks/kinds/http/definition.ts';

const names = Object.keys(http.fields(fieldKit(true)));
const isSetting = ([name]: [string, unknown]) => names.includes(name);

/** What a change of an HTTP monitor takes, from its settings and common fields side by side. */
export const httpChange = (given: object): Record<string, unknown> => {
  const entries = Object.entries(given);
  const settings = entries.filter(isSetting);
  return {
    ...Object.fromEntries(entries.filter((entry) => !isSetting(entry))),
    ...(settings.length > 0 && { settings: Object.fromEntries(settings) }),
  };
};

/** The same for a new one. */
export const httpMonitor = (given: object): Record<string, unknown> => ({ kind: 'http', ...httpChange(given) });

/** As `monitors.settings` holds them. */
export const storedSettings = (url: string): string => JSON.stringify({ ...http.defaults, url });
