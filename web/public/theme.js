// Loaded before the first paint, so that a chosen theme does not flash. A file of its own because the
// Content-Security-Policy allows no inline script; src/primitives/createTheme.ts writes the value.
try {
  const theme = localStorage.getItem('pharos-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden: then the system's theme holds.
}
