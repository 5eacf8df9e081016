import type { GalleryEntry } from './galleryEntry.ts';

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** The gallery's own HTML for a terminal: links with their addresses, and no other tag. */
export const textOfHtml = (html: string): string =>
  html
    .replace(/<a href="([^"]*)">(.*?)<\/a>/gs, (_, url, label) => (label === url ? url : `${label} <${url}>`))
    .replace(/<(?:br|hr|\/p|\/li|\/h\d)\s*\/?>\n?/g, '\n')
    .replace(/<(?!https?:)[^>]*>/g, '')
    .replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => entities[name] ?? '')
    .trim();

const textOf = ({ label, event, title, parts, buttons, notes }: GalleryEntry): string => {
  const head = `── ${label} · ${event} `;
  return [
    head.padEnd(78, '─'),
    ...[title, ...parts].map(textOfHtml).filter(Boolean),
    ...buttons.map(({ label, url }) => `[${label}] ${url}`),
    ...notes.map((note) => `(${textOfHtml(note)})`),
  ].join('\n');
};

export const galleryText = (entries: readonly GalleryEntry[]): string => `${entries.map(textOf).join('\n\n')}\n`;
