import { fromDigits } from './digits.ts';
import { unescaped } from './escapes.ts';
import { plainly } from './lookalikes.ts';
import { rarelyUnescaped } from './rareEscapes.ts';
import { type Reading, readingOf } from './reading.ts';

/** A target may pack what it quotes more than once. */
const maxDepth = 3;

/** What readings of one answer may add up to, in characters; each level can be five times as long as the one before. */
export const maxTotal = 600_000;

/** All readings, the text itself first; null where they would add up to more than `most` characters. */
export const readingsOf = (given: string, most = maxTotal): Reading[] | null => {
  const all = [readingOf(given, true)];
  let total = given.length;
  let level = all.slice();
  for (let depth = 0; depth < maxDepth && level.length > 0; depth++) {
    const next: Reading[] = [];
    for (const reading of level)
      for (const inner of readingsIn(reading)) {
        total += inner.text.length;
        if (total > Math.min(most, maxTotal)) return null;
        next.push(inner);
      }
    all.push(...next);
    level = next;
  }
  return all;
};

function* readingsIn(reading: Reading): Generator<Reading> {
  for (const read of [unescaped, plainly, rarelyUnescaped, fromDigits]) yield* read(reading);
}

/** What stands in a text once all its escapes are undone, as often as readings undo them. */
export const withoutEscapes = (text: string): string[] => {
  const found = [text];
  for (let depth = 0; depth < maxDepth; depth++) {
    const [inner] = unescaped(readingOf(found.at(-1) ?? '', false));
    if (!inner) break;
    found.push(inner.text);
  }
  return found;
};
