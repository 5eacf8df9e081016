/** The content of a push message. The service worker reads it, maybe one of an older version: add, never rename. */
export interface PushNotification {
  title: string;
  body: string;
  /** A newer one with the same tag takes its place on the screen. */
  tag: string;
  /** Where a click leads; null for the dashboard. */
  url: string | null;
  /** Further places, as buttons where the browser shows them. */
  actions: { title: string; url: string }[];
}
