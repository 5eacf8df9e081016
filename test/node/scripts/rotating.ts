/** `rotate-keys`, with wrangler loaded once. */
import { useLoadedWrangler } from './loadedWrangler.ts';

useLoadedWrangler();
await import('../../../.scripts/rotate-keys.ts');
