/** A browser's name for a list of sessions, such as “Firefox on Windows”. */
export const browserName = (userAgent: string): string => {
  const nameIn = (names: [RegExp, string][], other: string) =>
    names.find(([sign]) => sign.test(userAgent))?.[1] ?? other;
  const browsers: [RegExp, string][] = [
    [/Edg/, 'Edge'],
    [/OPR\//, 'Opera'],
    [/Firefox|FxiOS/, 'Firefox'],
    [/Chrome|CriOS/, 'Chrome'],
    [/Safari/, 'Safari'],
  ];
  const systems: [RegExp, string][] = [
    [/iPhone/, 'iPhone'],
    [/iPad/, 'iPad'],
    [/Android/, 'Android'],
    [/Windows/, 'Windows'],
    [/Mac OS/, 'Mac'],
    [/CrOS/, 'ChromeOS'],
    [/Linux/, 'Linux'],
  ];
  return `${nameIn(browsers, 'Browser')} on ${nameIn(systems, 'this device')}`;
};

/** The client of a session; programs by their own name, such as “curl/8.10.1”. */
export const clientName = (userAgent: string | null): string => {
  if (!userAgent) return 'Unknown device';
  if (!userAgent.startsWith('Mozilla/')) return userAgent.split(' ')[0]?.slice(0, 40) || 'Unknown device';
  return browserName(userAgent).replace(/ on this device$/, '');
};
