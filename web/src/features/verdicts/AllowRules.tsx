import { For } from 'solid-js';
import '../teams/checkToken.css';

/** The place and the text of a rule. `TOKEN` stands for the token. */
const rules: [vendor: string, rule: string][] = [
  [
    'Cloudflare',
    'Security, WAF, Custom rules: any(http.request.headers["pharos-token"][*] eq "TOKEN"), with the action Skip for all remaining custom rules, rate limiting, managed rules and Super Bot Fight Mode. Bot Fight Mode (Free plan) cannot be skipped: turn it off.',
  ],
  [
    'AWS WAF',
    'A rule with the action Allow where the header pharos-token exactly matches TOKEN, with a lower priority number than Bot Control.',
  ],
  ['Vercel', 'Firewall, custom rule: Request Header pharos-token equals TOKEN, then Bypass.'],
  [
    'Akamai, Imperva, DataDome and others',
    'An allow rule or exception in the bot protection where the request header pharos-token is TOKEN.',
  ],
];

/** How to let the checks pass, by vendor of the protection. */
export const AllowRules = () => (
  <details class="why-details">
    <summary>Firewall rules</summary>
    <dl class="allow-rules">
      <For each={rules}>
        {([vendor, rule]) => (
          <>
            <dt>{vendor}</dt>
            <dd>{rule}</dd>
          </>
        )}
      </For>
    </dl>
    <p>A rule for a User-Agent that starts with Pharos/ also works, but anyone can send it.</p>
  </details>
);
