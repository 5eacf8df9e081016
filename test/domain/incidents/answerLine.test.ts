import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerLine } from '../../../worker/domain/incidents/answerLine.ts';

test.each<[what: string, body: string, line: string | null]>([
  ['plain text', 'upstream connect error\nreset reason: overflow', 'upstream connect error'],
  ['empty lines before it', '\r\n \t\n\u200b\nno healthy upstream\n', 'no healthy upstream'],
  [
    'a page of nginx',
    '<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>\r\n<body><center><h1>503</h1></center></body></html>',
    '503 Service Temporarily Unavailable',
  ],
  ['HTML without a title', '<!doctype html><body><h1>Out of order</h1><p>Back soon</p>', 'Out of order'],
  ['an empty title', '<html><title> </title><p>Back <b>soon</b></p>', 'Back soon'],
  ['entities', '<title>Tom &amp; Jerry&#39;s &lt;shop&gt; &#x1F6A8;</title>', "Tom & Jerry's <shop> 🚨"],
  ['an impossible entity', '<title>a&#x110000;b&#0;c</title>', 'a&#x110000;b&#0;c'],
  [
    'scripts, styles and comments before what is seen',
    '<html><!-- build 7 --><script>var title = "<title>no</title>";</script><style>p{}</style><p>Down for repair</p>',
    'Down for repair',
  ],
  ['HTML that was cut within a script', '<html><head><script>var a = 1;', null],
  ['HTML that was cut within a tag', '<html><body><p>Busy</p><a href="https://exa', 'Busy'],
  [
    'JSON on several lines',
    '{\n  "error": "no connection to db-1",\n  "code": 7\n}',
    '{ "error": "no connection to db-1", "code": 7 }',
  ],
  ['text that only resembles a comparison', 'load 5 < 7 and 9 > 8', 'load 5 < 7 and 9 > 8'],
  ['text that only resembles an element', 'expected <people>, got <none>', 'expected <people>, got <none>'],
  ['nothing', '', null],
  ['nothing to see', ' \n\u200b\u00ad\n', null],
])('of %s', (_, body, line) => {
  expect(answerLine(body)).toBe(line);
});

test('any text becomes one visible line, found in bounded time', () => {
  const piece = fc.constantFrom(
    '<',
    '>',
    '<!--',
    '-->',
    '<script>',
    '</script',
    '<title>',
    '<p',
    '&#60;',
    '{',
    '\n',
    'a',
    ' ',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.array(piece, { maxLength: 60 }).map((all) => all.join('')),
  );
  fc.assert(
    fc.property(text, (body) => {
      const line = answerLine(body);
      if (line !== null) expect(line).toMatch(/^[^\r\n\u2028\u2029]*[^\s\u200b][^\r\n\u2028\u2029]*$/u);
    }),
  );
  for (const long of ['<', '<!--', '<script>', '<title', '<p ', '&#', '<html>\n'])
    expect(() => answerLine(`<html>${long.repeat(2_048 / long.length)}`)).not.toThrow();
});
