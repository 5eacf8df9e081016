import { expect, test } from 'vitest';
import { renderMarkdown } from '../../../web/src/lib/markdown.ts';

test('renders what people write', () => {
  expect(renderMarkdown('# Title\n\n**bold** and `code`\n\n- one\n- two\n\n[link](https://example.com/?a=1&b=2)')).toBe(
    '<h1>Title</h1>\n<p><strong>bold</strong> and <code>code</code></p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n' +
      '<p><a href="https://example.com/?a=1&amp;b=2">link</a></p>',
  );
});

test.each([
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<div>\n<iframe src="https://example.com"></iframe>\n</div>',
  'a <b onclick="alert(1)">b</b>',
  '<!-- comment --><style>body{display:none}</style>',
  '<svg><script>alert(1)</script></svg>',
  '`<script>alert(1)</script>`',
  '```html\n<script>alert(1)</script>\n```',
  '# <script>alert(1)</script>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
])('shows the HTML of %j as text', (text) => {
  const tags = [...renderMarkdown(text).matchAll(/<\/?([a-z0-9]+)([^>]*)>/gi)];
  expect(tags.filter(([, name = '']) => !['p', 'h1', 'code', 'pre'].includes(name))).toEqual([]);
  expect(tags.filter(([, , attributes = '']) => attributes !== '' && attributes !== ' class="language-html"')).toEqual(
    [],
  );
});

test.each([
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](java&#115;cript:alert(1))',
  '[x](<javascript:alert(1)>)',
  '[x](data:text/html,<script>alert(1)</script>)',
  '[x](vbscript:msgbox(1))',
  '<javascript:alert(1)>',
  '[x][y]\n\n[y]: javascript:alert(1)',
])('the link of %j leads nowhere', (text) => {
  const hrefs = [...renderMarkdown(text).matchAll(/href="([^"]*)"/g)].map(([, href]) => href);
  expect(hrefs).toEqual(['']);
});

test('the title of a link cannot end its attribute', () => {
  expect(renderMarkdown('[x](https://a "t\\" onmouseover=alert(1) y=\\"")')).toContain(
    'title="t&quot; onmouseover=alert(1) y=&quot;"',
  );
});

test.each(['![x](https://example.com/pixel.png)', '![x](javascript:alert(1))', '![x](data:image/svg+xml,<svg/>)'])(
  'loads no image for %j',
  (text) => {
    expect(renderMarkdown(text)).not.toContain('<img');
  },
);
