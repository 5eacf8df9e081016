// In the language of old browsers, because they are who it is for: what the dashboard cannot do without. The versions
// that have all of it stand in vite.config.ts and in the README.
(() => {
  var supported = false;
  try {
    supported =
      typeof Map.groupBy === 'function' &&
      typeof URL.canParse === 'function' &&
      typeof AbortSignal.timeout === 'function' &&
      CSS.supports('color', 'light-dark(#000, #fff)');
  } catch (_error) {
    // One of the objects themselves is missing.
  }
  if (!supported) document.documentElement.setAttribute('data-unsupported', '');
})();
