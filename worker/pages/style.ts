/** Colours meet WCAG AA on their backgrounds, in light and in dark mode. */
export const style = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --panel: #fff; --line: #dfe3e8; --text: #16202c; --quiet: #55606e;
  --up: #0b7a43; --degraded: #8f5a00; --down: #b42318; --calm: #475467;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0e141b; --panel: #161e27; --line: #2a3542; --text: #e8edf2; --quiet: #a0acb9;
    --up: #4cc38a; --degraded: #f0b04d; --down: #ff8a7a; --calm: #a9b5c2;
  }
}
* { box-sizing: border-box; margin: 0; }
body {
  background: var(--ground); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
  max-width: 46rem; min-height: 100vh; margin: 0 auto; padding: 1.5rem 1rem;
  display: flex; flex-direction: column; gap: 1.5rem; overflow-wrap: anywhere;
}
main { display: flex; flex-direction: column; gap: 2rem; flex: 1; }
h1 { font-size: 1.5rem; line-height: 1.25; }
h2 { font-size: 1.125rem; margin-bottom: .75rem; }
h3 { font-size: 1rem; font-weight: 600; }
ul { list-style: none; padding: 0; }
svg { flex: none; width: 1.25em; height: 1.25em; }
time { white-space: nowrap; }
main > p time { white-space: normal; }
a { color: inherit; }
button {
  font: inherit; font-weight: 600; padding: .625rem 1.125rem; border: 0; border-radius: .5rem; cursor: pointer;
  background: var(--text); color: var(--ground);
}
button.secondary { background: none; color: var(--text); box-shadow: inset 0 0 0 1px var(--quiet); }
button:focus-visible, a:focus-visible { outline: .1875rem solid var(--up); outline-offset: .125rem; }
.up { color: var(--up); } .degraded { color: var(--degraded); } .down { color: var(--down); }
.maintenance, .paused, .unknown { color: var(--calm); }
.overall {
  display: flex; align-items: center; gap: .75rem; padding: 1.125rem 1.25rem; border-radius: .75rem;
  background: var(--panel); border: 1px solid var(--line); border-left: .375rem solid currentColor;
}
.overall p { color: var(--text); font-size: 1.25rem; font-weight: 600; line-height: 1.3; }
.overall svg { width: 1.75rem; height: 1.75rem; }
.list { background: var(--panel); border: 1px solid var(--line); border-radius: .75rem; }
.list > li { padding: .875rem 1.25rem; }
.list > li + li { border-top: 1px solid var(--line); }
.component { display: grid; grid-template-columns: 1fr auto; gap: .125rem 1rem; }
.verdict { display: inline-flex; align-items: center; align-self: start; gap: .375rem; font-weight: 600; }
.quiet { color: var(--quiet); font-size: .875rem; }
.stale { border: 1px solid var(--line); border-radius: .5rem; padding: .75rem 1rem; }
.component .quiet { grid-column: 1 / -1; }
.ongoing { color: var(--down); font-weight: 600; }
footer { color: var(--quiet); font-size: .875rem; border-top: 1px solid var(--line); padding-top: 1rem; }
@media (min-width: 40rem) {
  body { padding: 3rem 1.5rem 2rem; }
  h1 { font-size: 1.875rem; }
}
`;
