import { inRoot } from '../paths.ts';
import { collectCommand } from './collectCommand.ts';
import type { GalleryEntry } from './galleryEntry.ts';

/** Every event in every channel. Throws the error of the generating script. */
export const readGallery = async (): Promise<GalleryEntry[]> => {
  const lines = await collectCommand(process.execPath, [inRoot('test/worker/alerts/gallery.ts')]);
  return lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
};

/** The selected entries. Throws, with the available ones, where there are none. */
export const chosen = (
  entries: readonly GalleryEntry[],
  { event, channel }: { event?: string | undefined; channel?: string | undefined },
): GalleryEntry[] => {
  const isKnown = (name: string | undefined, names: Set<string>, what: string) => {
    if (name !== undefined && !names.has(name))
      throw new Error(`There is no ${what} "${name}". There are: ${[...names].join(', ')}.`);
  };
  isKnown(event, new Set(entries.map((entry) => entry.event)), 'event');
  isKnown(channel, new Set(entries.map((entry) => entry.channel)), 'channel');
  return entries.filter(
    (entry) => (event ?? entry.event) === entry.event && (channel ?? entry.channel) === entry.channel,
  );
};
