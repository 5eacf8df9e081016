const { locale, hourCycle } = new Intl.DateTimeFormat(undefined, { hour: 'numeric' }).resolvedOptions();

/** Dates are in the language of the pages, which is English; the reader's own English, where theirs is one. */
export const pageLocale = (readersLocale: string): string => (/^en\b/.test(readersLocale) ? readersLocale : 'en-GB');

/** The format of every date and time: in English, with the reader's 12-hour or 24-hour clock. */
export const dateFormat = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat(pageLocale(locale), { ...(hourCycle && { hourCycle }), ...options });
