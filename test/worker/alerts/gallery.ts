/** Writes every message of every channel as JSON, one `GalleryEntry` a line. Run by `.scripts/alerts.ts`. */

import type { GalleryEntry } from '../../../.scripts/lib/alerts/galleryEntry.ts';
import { channels } from '../../../worker/alerts/channels/table.ts';
import { channelKinds } from '../../../worker/domain/delivery/channelKind.ts';
import { bodyOf } from './bodyOf.ts';
import { everyMessage } from './everyMessage.ts';
import { viewOf } from './viewOf.ts';

for (const [event, message] of Object.entries(everyMessage))
  for (const channel of channelKinds) {
    const { body } = await bodyOf(channel, message);
    const entry: GalleryEntry = { channel, label: channels[channel].label, event, body, ...viewOf(channel, body) };
    console.log(JSON.stringify(entry));
  }
