const { locale, hourCycle } = new Intl.DateTimeFormat(undefined, { hour: 'numeric' }).resolvedOptions();

/** Dates are in the language of the pages, which is English; the reader's own English, where theirs is one. */
export const pageLocale = (readersLocale: string): string => (/^en\b/.test(readersLocale) ? readersLocale : 'en-GB');

/** How every date and time is written: in English, by the reader's clock of 12 or 24 hours. */
export const dateFormat = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat(pageLocale(locale), { ...(hourCycle && { hourCycle }), ...options });
