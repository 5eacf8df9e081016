/** As a team tells its browsers apart, such as “Firefox on Windows”. */
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
