const typedScheme = /^[a-z][a-z0-9+.-]*:(?!\d+(\/|$))/i;
const thisMachine = /^(localhost|127(\.\d+){3}|\[::1\])(?=[:/?#]|$)/i;

/** Adds https:// where no scheme was typed, so that `example.com` is enough; http:// for one's own machine. */
export const withScheme = (typed: string): string => {
  const text = typed.trim();
  if (text === '' || typedScheme.test(text)) return text;
  const address = text.replace(/^\/+/, '');
  return `${thisMachine.test(address) ? 'http' : 'https'}://${address}`;
};
