import fc from 'fast-check';
import { micromark } from 'micromark';
import { describe, expect, test } from 'vitest';
import {
  discordLink,
  discordText,
  linksWithin,
  markdownLink,
  markdownText,
  mattermostText,
  slackLink,
  slackText,
  telegramText,
  withoutMentions,
  withoutTags,
} from '../../../worker/alerts/messages/markup.ts';
import { runs } from '../../properties.ts';

/** In what is expected, `·` stands for the sign without width that parts words. */
const parted = (text: string) => text.replaceAll('·', '\u200b');

const writers = {
  discord: discordText,
  mattermost: mattermostText,
  markdown: markdownText,
  telegram: telegramText,
  slack: slackText,
};

type Expected = Partial<Record<keyof typeof writers, string>>;

describe.each<[what: string, text: string, expected: Expected]>([
  [
    'an address',
    'GET https://shop.example.com failed',
    {
      discord: 'GET https://shop.example.com failed',
      mattermost: 'GET https://shop.example.com failed',
      markdown: 'GET https://shop.example.com failed',
      telegram: 'GET https://shop.example.com failed',
      slack: 'GET https://shop.example.com failed',
    },
  ],
  [
    'an address with signs of Markdown',
    'https://a.example/my_page/_x_/*b*?q=(1)[2]`3`~4~|5|!',
    {
      discord: 'https://a.example/my_page/%5Fx%5F/%2Ab%2A?q=%281%29%5B2%5D%603%60%7E4%7E%7C5 \\|!',
      mattermost: 'https://a.example/my_page/%5Fx%5F/%2Ab%2A?q=%281%29%5B2%5D%603%60%7E4%7E%7C5 \\|!',
    },
  ],
  [
    'an address in brackets at the end of a sentence',
    'See (https://a.example/b_(c)).',
    {
      discord: 'See (https://a.example/b%5F%28c%29).',
      markdown: 'See (https://a.example/b%5F%28c%29).',
      telegram: 'See (https://a.example/b%5F%28c%29).',
    },
  ],
  [
    'an address with a port, a query and an entity',
    'https://[2001:db8::1]:8443/?a=1&lt;b&c=2#top',
    {
      discord: 'https://[2001:db8::1]:8443/?a=1&lt%3Bb&c=2#top',
      mattermost: 'https://[2001:db8::1]:8443/?a=1&lt%3Bb&c=2#top',
      telegram: 'https://[2001:db8::1]:8443/?a=1&amp;lt%3Bb&amp;c=2#top',
    },
  ],
  [
    'a mention or an emoji in an address',
    'https://a.example/@channel/:fire:/@everyone',
    {
      discord: 'https://a.example/%40channel/%3Afire:/%40everyone',
      mattermost: 'https://a.example/%40channel/%3Afire:/%40everyone',
      telegram: 'https://a.example/%40channel/%3Afire:/%40everyone',
    },
  ],
  [
    'another scheme',
    'tcp://db_1.example.com:5432',
    { discord: 'tcp://db_1.example.com:5432', telegram: 'tcp:·//db_1.example.com:5432' },
  ],
  [
    'an address that was cut',
    'https://a.example/long_pa…',
    { discord: 'https:·//a.example/long\\_pa…', mattermost: 'https:·//a.example/long\\_pa…' },
  ],
  [
    'words that run into an address',
    '@everyonehttps://a.example :fire://b.example #x1://c.example',
    {
      discord: '@·everyonehttps://a.example \\:fire://b.example \\#x1://c.example',
      mattermost: '@·everyonehttps://a.example :·fire://b.example \\#·x1://c.example',
      telegram: '@·everyonehttps:·//a.example :fire:·//b.example #·x1:·//c.example',
    },
  ],
  [
    'signs right behind an address',
    '**https://a.example** <https://b.example> "https://c.example/?q=x", https://d.example/…```',
    {
      discord:
        '\\*\\*https://a.example \\*\\* \\<https://b.example \\> "https://c.example/?q=x", https:·//d.example/…\\`\\`\\`',
      mattermost:
        '\\*\\*https://a.example \\*\\* &lt;https://b.example &gt; "https://c.example/?q=x", https:·//d.example/…\\`\\`\\`',
      telegram:
        '**https://a.example** &lt;https://b.example&gt; &quot;https://c.example/?q=x&quot;, https:·//d.example/…```',
    },
  ],
  [
    'a scheme without an address',
    'http:// and www.',
    { discord: 'http:·// and www.', mattermost: 'http:·// and www.' },
  ],
  [
    'a link with another label',
    '[bank](https://evil.example)',
    {
      discord: '\\[bank\\](https://evil.example)',
      mattermost: '\\[bank\\](https://evil.example)',
      markdown: '\\[bank\\](https://evil.example)',
      slack: '[bank](https://evil.example)',
    },
  ],
  [
    'a link of Slack',
    '<https://evil.example|bank> <!channel> <@U012AB3CD> <!subteam^S1>',
    {
      slack: '&lt;https://evil.example|bank&gt; &lt;!channel&gt; &lt;@U012AB3CD&gt; &lt;!subteam^S1&gt;',
      mattermost: '&lt;https://evil.example%7Cbank &gt; &lt;!channel&gt; &lt;@·U012AB3CD&gt; &lt;!subteam^S1&gt;',
      discord: '\\<https://evil.example%7Cbank \\> \\<!channel\\> \\<@·U012AB3CD\\> \\<!subteam^S1\\>',
    },
  ],
  [
    'mentions',
    '@everyone @here <@123456789012345678> <@&123456789012345678> @channel',
    {
      discord: '@·everyone @·here \\<@·123456789012345678\\> \\<@·&123456789012345678\\> @·channel',
      mattermost: '@·everyone @·here &lt;@·123456789012345678&gt; &lt;@·&amp;123456789012345678&gt; @·channel',
      telegram: '@·everyone @·here &lt;@·123456789012345678&gt; &lt;@&amp;123456789012345678&gt; @·channel',
    },
  ],
  [
    'a mention as an entity',
    '&#64;channel &lt;!here&gt;',
    {
      mattermost: '&amp;\\#·64;channel &amp;lt;!here&amp;gt;',
      discord: '&\\#64;channel &lt;!here&gt;',
      slack: '&amp;#64;channel &amp;lt;!here&amp;gt;',
    },
  ],
  [
    'formats',
    '**b** __u__ ~~s~~ ||spoiler|| `code` *i* _i_',
    {
      discord: '\\*\\*b\\*\\* \\_\\_u\\_\\_ \\~\\~s\\~\\~ \\|\\|spoiler\\|\\| \\`code\\` \\*i\\* \\_i\\_',
      mattermost: '\\*\\*b\\*\\* \\_\\_u\\_\\_ \\~\\~·s\\~\\~ \\|\\|spoiler\\|\\| \\`code\\` \\*i\\* \\_i\\_',
      telegram: '**b** __u__ ~~s~~ ||spoiler|| `code` *i* _i_',
    },
  ],
  [
    'a fence',
    '```js\ncode\n```',
    { discord: '\\`\\`\\`js\ncode\n\\`\\`\\`', mattermost: '\\`\\`\\`js\ncode\n\\`\\`\\`' },
  ],
  [
    'signs that open a block',
    '# a\n-# b\n> c\n>>> d\n- e\n+ f\n* g\n1. h\n2) i\n===\n---\n1.2.3 -5',
    {
      discord: '\\# a\n-\\# b\n\\> c\n\\>\\>\\> d\n\\- e\n\\+ f\n\\* g\n1\\. h\n2\\) i\n\\===\n\\---\n1.2.3 -5',
      mattermost: '\\# a\n-\\# b\n&gt; c\n&gt;&gt;&gt; d\n\\- e\n\\+ f\n\\* g\n1\\. h\n2\\) i\n·===\n\\---\n1.2.3 -5',
    },
  ],
  [
    'timestamps, emoji and commands of Discord',
    '<t:1700000000:R> :fire: <:x:123456789012345678> </ban:1> <#1> 03:12:05',
    {
      discord: '\\<t\\:1700000000:R\\> \\:fire: \\<\\:x:123456789012345678\\> \\</ban:1\\> \\<\\#1\\> 03\\:12:05',
    },
  ],
  [
    'hashtags, emoji, channels and formulas of Mattermost',
    '#outage :fire: ~town-square $x$',
    { mattermost: '\\#·outage :·fire: \\~·town-square &#36;x&#36;' },
  ],
  [
    'entities and commands of Telegram',
    '<b>x</b> @ada #tag $USD /stop and/or <a href="tg://user?id=1">x</a>',
    {
      telegram:
        '&lt;b&gt;x&lt;/b&gt; @·ada #·tag $·USD /·stop and/or &lt;a href=&quot;tg:·//user?id=1&quot;&gt;x&lt;/a&gt;',
    },
  ],
])('%s', (_, text, expected) => {
  test.each(Object.entries(expected))('for %s', (name, written) => {
    expect(writers[name as keyof typeof writers](text)).toBe(parted(written));
  });
});

describe('a link of our own', () => {
  const url = 'https://pharos.test/a?incident=inc_1&sig=_x-_y&to=(b)[c]<d>|"e\\';

  test.each<[writer: (link: { label: string; url: string }) => string, written: string]>([
    [discordLink, '[a \\[b\\]](https://pharos.test/a?incident=inc_1&sig=_x-_y&to=%28b%29%5Bc%5D%3Cd%3E%7C%22e%5C)'],
    [markdownLink, '[a \\[b\\]](https://pharos.test/a?incident=inc_1&sig=_x-_y&to=%28b%29%5Bc%5D%3Cd%3E%7C%22e%5C)'],
    [slackLink, '<https://pharos.test/a?incident=inc_1&amp;sig=_x-_y&amp;to=%28b%29%5Bc%5D%3Cd%3E%7C%22e%5C|a [b]>'],
  ])('%o keeps its address', (writer, written) => {
    expect(writer({ label: 'a [b]', url })).toBe(written);
  });

  test('is omitted whole if it does not fit, and shorter ones behind it are kept', () => {
    const links = ['1', '22222222', '3'].map((label) => ({ label, url: label }));
    expect(linksWithin(links, 6, ({ label }) => label, ', ')).toBe('1, 3');
  });
});

test('plain text loses what calls somebody, and nothing else', () => {
  expect(withoutMentions('5 @ 6 @here a@b.example **')).toBe(parted('5 @ 6 @·here a@·b.example **'));
  expect(withoutTags('<at>Ada</at> <AT> <atom> a < b')).toBe(parted('<·at>Ada<·/at> <·AT> <atom> a < b'));
});

/** Texts that are rich in what means something somewhere. */
const piece = fc.constantFrom(
  ...['@everyone', '@here', '@channel', '<!here>', '<@U012AB3CD>', '<@123456789012345678>', '<users/all>', '<t:1:R>'],
  ...['[', ']', '(', ')', '](', '<', '>', '|', '||', '*', '**', '_', '__', '~', '~~', '`', '```', '\\', '!', '#', '-'],
  ...['# ', '> ', '- ', '1. ', '\n', '\n\n', ' ', '    ', '\t', '=', '---', '&', '&lt;', '&#64;', '$', ':fire:', ':'],
  ...['https://evil.example/', 'http://', 'https://a.example/_x_', 'www.', 'evil.example', '://', '/', '.', ',', '…'],
  ...[
    'a',
    'word',
    '1',
    'é',
    '🔴',
    '"',
    "'",
    '<https://evil.example|x>',
    '[x](https://evil.example)',
    '<b>',
    '@',
    'ftp://',
  ],
);
const hostile = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));

const decoded = (text: string) => text.replace(/&(lt|gt|amp|quot|#39|#36);/g, (_, name: string) => named[name] ?? '');
const unescaped = (text: string) => decoded(text).replaceAll('\u200b', '');
const named: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'", '#36': '$' };

test('CommonMark makes nothing but paragraphs of any text', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      for (const write of [markdownText, mattermostText]) {
        const html = micromark(write(text));
        expect(html.replace(/<\/?p>|<br \/>/g, '')).not.toMatch(/<(?!\/?p>)/);
      }
    }),
    { numRuns: runs(1_000) },
  );
});

test('no text mentions anybody or opens a link under another name', () => {
  const inText = (written: string) => written.replace(/(?:[a-z][a-z0-9+.-]*:\/\/|www\.)[^\s<>]+/gi, '');
  fc.assert(
    fc.property(hostile, (text) => {
      expect(discordText(text)).not.toMatch(/@(everyone|here)|(?<!\\)<|(?<!\\)(\\\\)*[[\]`|~*]|(?<!\\)(\\\\)*<[@#:t/]/);
      expect(mattermostText(text)).not.toMatch(/@\w|<|>|(?<!\\)(\\\\)*[[\]`|~*]/);
      expect(inText(mattermostText(text))).not.toMatch(/:[\w+-]+:|(?<!\\)#\p{L}/u);
      expect(telegramText(text).replace(/&(lt|gt|amp|quot|#39);/g, '')).not.toMatch(/[<>&"]/);
      expect(inText(decoded(telegramText(text)))).not.toMatch(/[@#$]\w/);
      expect(slackText(text)).not.toMatch(/[<>]|&(?!(amp|lt|gt);)/);
    }),
    { numRuns: runs(1_000) },
  );
});

test('an address is never changed into another one', () => {
  const path = fc.string({ unit: fc.constantFrom(...'abc_*~|()[]!@:;&=?#/-.%+$,\'"`\\'), maxLength: 40 });
  fc.assert(
    fc.property(path, (tail) => {
      const address = `https://shop.example.com/${tail}`;
      for (const write of [discordText, markdownText, mattermostText]) {
        const shown = /^https:\/\/[^\s<>]+/.exec(unescaped(write(`${address} x`)))?.[0] ?? '';
        expect(shown).toMatch(/^https:\/\/shop\.example\.com(\/|$)/);
        expect(new URL(shown).host).toBe('shop.example.com');
      }
    }),
    { numRuns: runs(1_000) },
  );
});
