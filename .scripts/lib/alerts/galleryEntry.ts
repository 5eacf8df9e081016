/** A message as `npm run alerts -- preview` shows it; texts are HTML without anything that loads or runs. */
export interface GalleryEntry {
  channel: string;
  /** Display name. */
  label: string;
  event: string;
  title: string;
  /** Colour of the bar beside it, as CSS; null where the vendor shows none. */
  colour: string | null;
  parts: string[];
  buttons: { label: string; url: string }[];
  /** The fields that decide how loud it is: priority, status, mentions. */
  notes: string[];
  /** The whole page of a mail. */
  page: string | null;
  body: unknown;
}
