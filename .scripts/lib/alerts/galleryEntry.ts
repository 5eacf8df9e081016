/** A message as `npm run alerts -- preview` shows it; texts are HTML without anything that loads or runs. */
export interface GalleryEntry {
  channel: string;
  /** As people know it. */
  label: string;
  event: string;
  title: string;
  /** Of the bar beside it, as CSS; null where the vendor shows none. */
  colour: string | null;
  parts: string[];
  buttons: { label: string; url: string }[];
  /** What decides how loud it is: priority, status, mentions. */
  notes: string[];
  /** The whole page of a mail. */
  page: string | null;
  body: unknown;
}
