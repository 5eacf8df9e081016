import transliterate from '@sindresorhus/transliterate';

const maxLength = 48;

/** A status page's address from its name, in ASCII: `Bäckerei Łódź` → `baeckerei-lodz`; empty where no letter has an equivalent. */
export const slugOf = (name: string): string =>
  transliterate(name.normalize('NFC'))
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f'’]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, maxLength + 1)
    .replace(/^-+/, '')
    .slice(0, maxLength)
    .replace(/-+$/, '');
