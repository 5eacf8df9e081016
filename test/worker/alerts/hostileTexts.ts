import type { AlertMessage } from '../../../worker/alerts/messages/message.ts';

/** Texts that would do something elsewhere, or fit nowhere. */
export const hostileTexts: Record<string, string> = {
  'nothing at all': '',
  'only invisible characters': '\u200b\u200e\u202e\ufeff\u2060\u00ad\u3164\u180e \t\n',
  '5,000 characters': 'long word '.repeat(500),
  '5,000 characters without a space': 'x'.repeat(5_000),
  '5,000 emoji': '👩🏽‍🚒🏳️‍🌈🇩🇪'.repeat(625),
  'combining marks': `Z${'\u0351\u0346'.repeat(1_000)}algo`,
  'text from right to left': 'متجر \u202egnp.exe\u2066 חנות',
  'lone surrogates': 'a\ud800b\udc00c\ud83d',
  'NUL and controls': 'a\0b\u0007c\u001b[31md\u0085e\u009bf\uffff',
  'line breaks of all kinds': 'one\r\nSubject: two\rthree\nfour\u2028five\u2029six\u0085seven\vten\feleven',
  HTML: '<script>alert(1)</script><a href="https://evil.example">x</a><b>b</b></p><!--&lt;&amp;&#0;',
  'Markdown links':
    '[click](https://evil.example) ![i](https://evil.example/i.png) <https://evil.example> [a]: https://evil.example',
  'Markdown marks':
    '# head\n> quote\n- item\n1. one\n**bold** __u__ ~~s~~ ||spoiler|| `code` ```js\nx``` | a | b |\n---\n***',
  'marks of Slack': '*bold* _i_ ~s~ <https://evil.example|click> <mailto:a@evil.example|x> :smile: &lt;!here&gt;',
  mentions:
    '@everyone @here @channel @all @ada <!channel> <!here> <!subteam^S1> <@U123> <@!1> <@&1> <#C1> <users/all> <at>Ada</at>',
  'marks of Telegram': '<tg-spoiler>s</tg-spoiler> <a href="tg://user?id=1">x</a> /start #tag $USD @ada_lovelace',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what a template of another language would replace
  'template braces': '{{monitor.url}} {7*7} ${7*7} %s %n {{DATE(2026)}} {{#if}}',
  'quotation marks and backslashes': '"\';\\--\\\\ \\[a\\](https://evil.example) «»',
  'JSON and CSV': '","evil":true,"a":"\\u0000 =HYPERLINK("https://evil.example")',
  'signs of a label': 'a|b>c<d&e)f(g]h[i',
};

/** Addresses that a monitor may have, or that something earlier let through. */
export const hostileAddresses: Record<string, string> = {
  'of 2,500 characters': `https://shop.example.com/${'path/'.repeat(300)}?q=${'x'.repeat(975)}`,
  'with signs that end a link': 'https://shop.example.com/a_(b)_[c]/<d>|e/"f"/\'g\'/{h}`i`\\j?k=*l*&m=~~n~~#o)p',
  'with a password': 'https://ada:s3cret@shop.example.com:8443/',
  international: 'https://xn--bcher-kva.example/straße/日本?ä=ö',
  'with spaces and line breaks': 'https://shop.example.com/a b%20c\r\nd\u2028e',
  'that is an IPv6 address': 'http://[2001:db8::1]:8080/health',
  'that runs script': 'javascript:alert(1)//https://shop.example.com/',
  'that is none': 'not an address <https://evil.example|x> [a](https://evil.example)',
};

const textKeys = new Set(['name', 'why', 'teamName', 'acknowledgedBy', 'answerLine', 'cause', 'person', 'channel']);
const listKeys = new Set(['tags', 'recipients']);

/** The message with all that people or targets wrote in it replaced. Links of Pharos, ids and names of kinds stay. */
export const withTexts = (message: AlertMessage, text: string): AlertMessage => {
  const replaced = (value: unknown, key = ''): unknown => {
    if (typeof value === 'string') return textKeys.has(key) ? text : value;
    if (Array.isArray(value)) return value.map((inner) => (listKeys.has(key) ? text : replaced(inner)));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, replaced(inner, name)]));
  };
  return replaced(message) as AlertMessage;
};

/** The message with the addresses of its monitors replaced, and with that of its runbook where it is one. */
export const withAddress = (message: AlertMessage, url: string): AlertMessage => {
  if (message.event === 'digest')
    return { ...message, monitors: message.monitors.map((monitor) => ({ ...monitor, url })) };
  if (!('monitor' in message)) return message;
  const isLink = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  const runbookUrl = message.runbookUrl && isLink ? new URL(url).href : message.runbookUrl;
  return { ...message, monitor: { ...message.monitor, url }, ...(runbookUrl ? { runbookUrl } : {}) };
};
