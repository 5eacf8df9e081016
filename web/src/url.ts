/** Adds https:// where no scheme was typed, so that `example.com` is enough. */
export const withScheme = (typed: string): string => {
  const text = typed.trim();
  if (text === '' || /^[a-z][a-z0-9+.-]*:(?!\d+(\/|$))/i.test(text)) return text;
  return `https://${text.replace(/^\/+/, '')}`;
};
