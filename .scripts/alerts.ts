/** `npm run alerts -- preview`: shows every alert in every channel; `schemas` makes the formats of vendors again. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chosen, readGallery } from './lib/alerts/gallery.ts';
import { galleryPage } from './lib/alerts/galleryPage.ts';
import { galleryText } from './lib/alerts/galleryText.ts';
import { writePublishedSchemas } from './lib/alerts/publishedSchemas.ts';

const help = `Usage: npm run alerts -- preview|schemas [OPTIONS]

preview   shows each event in each channel, as the channel's own code makes it
schemas   makes the formats of vendors in test/worker/alerts/published again, after their types changed

  --event NAME    this event only, such as down or digest
  --channel KIND  this channel only, such as slack
  --html FILE     writes a page instead of text
  --help          shows this text`;

const options = {
  event: { type: 'string' },
  channel: { type: 'string' },
  html: { type: 'string' },
  help: { type: 'boolean' },
} as const;

const preview = async ({ event, channel, html }: { event?: string; channel?: string; html?: string }) => {
  const entries = chosen(await readGallery(), { event, channel });
  if (html === undefined) {
    process.stdout.write(galleryText(entries));
    return;
  }
  writeFileSync(html, galleryPage(entries));
  console.log(`${entries.length} messages in ${html}.`);
};

try {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [command, ...more] = positionals;
  if (values.help) console.log(help);
  else if (command === 'preview' && more.length === 0) await preview(values);
  else if (command === 'schemas' && more.length === 0) await writePublishedSchemas();
  else
    throw new Error(
      `${positionals.length > 0 ? `"${positionals.join(' ')}" is not known.` : 'Say what to do.'}\n\n${help}`,
    );
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
