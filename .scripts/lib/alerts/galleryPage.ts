import type { GalleryEntry } from './galleryEntry.ts';

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign] ?? '&quot;');

const style = `
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif }
body { margin: 0; padding: 24px; background: light-dark(#f3f5f9, #0d1422); color: light-dark(#1a2233, #e8edf6) }
h2 { margin: 32px 0 12px; font-size: 20px }
.cards { display: grid; gap: 16px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 380px), 1fr)); align-items: start }
article { background: light-dark(#fff, #162036); border: 1px solid light-dark(#d5dbe6, #2c3a57); border-radius: 8px; padding: 12px 14px; overflow-wrap: anywhere }
.vendor { color: light-dark(#55617a, #a9b5ca); font-size: 13px; margin: 0 0 6px }
.bar { border-left: 4px solid var(--bar); padding-left: 10px }
h3 { margin: 0 0 6px; font-size: 16px }
h3 p { margin: 0 }
.part { margin: 0 0 6px }
.part p { margin: 0 0 6px }
a { color: light-dark(#1d4f98, #8fbaff) }
.button { display: inline-block; border: 1px solid currentColor; border-radius: 6px; padding: 3px 10px; margin: 4px 6px 4px 0; text-decoration: none }
.note { color: light-dark(#55617a, #a9b5ca); font-size: 13px; margin: 4px 0 0 }
mark { background: light-dark(#ffd7d7, #6b2030); color: inherit }
pre { font-size: 12px; white-space: pre-wrap; max-height: 260px; overflow: auto; margin: 0 }
iframe { width: 100%; height: 460px; border: 1px solid light-dark(#d5dbe6, #2c3a57); border-radius: 6px }
nav { display: flex; flex-wrap: wrap; gap: 10px }
`;

const bodyOf = ({ page, parts }: GalleryEntry) =>
  page === null
    ? parts.map((part) => `<div class="part">${part}</div>`).join('')
    : `<iframe sandbox title="Mail" srcdoc="${escaped(page)}"></iframe><details><summary>As text</summary>${parts.join('')}</details>`;

const card = (entry: GalleryEntry) => {
  const { label, title, colour, buttons, notes, body } = entry;
  const links = buttons.map(({ label, url }) => `<a class="button" href="${escaped(url)}">${escaped(label)}</a>`);
  return `<article>
<p class="vendor">${escaped(label)}</p>
<div${colour ? ` class="bar" style="--bar:${escaped(colour)}"` : ''}>
${title ? `<h3>${title}</h3>` : ''}
${bodyOf(entry)}
${links.join('')}
</div>
${notes.map((note) => `<p class="note">${note}</p>`).join('')}
<details><summary class="note">What is sent</summary><pre>${escaped(JSON.stringify(body, null, 1))}</pre></details>
</article>`;
};

/** All messages on one page, which loads nothing: an event is a section, a channel a card. */
export const galleryPage = (entries: readonly GalleryEntry[]): string => {
  const events = [...new Set(entries.map(({ event }) => event))];
  const sections = events.map(
    (event) =>
      `<section id="${event}"><h2>${event}</h2><div class="cards">${entries
        .filter((entry) => entry.event === event)
        .map(card)
        .join('\n')}</div></section>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Alerts of Pharos</title><style>${style}</style></head><body><h1>Alerts of Pharos</h1>
<nav>${events.map((event) => `<a href="#${event}">${event}</a>`).join('')}</nav>
${sections.join('\n')}</body></html>
`;
};
