import { describe, expect, test } from 'vitest';
import { changeMonitorSchema, createMonitorSchema } from '../../../worker/contract/monitorInput.ts';
import { httpMonitor } from '../../httpMonitor.ts';

describe('the address of a runbook', () => {
  const parse = (runbookUrl: unknown) => changeMonitorSchema.safeParse({ runbookUrl });

  test.each([
    ['https://wiki.example.com/shop?page=down#first', 'https://wiki.example.com/shop?page=down#first'],
    ['  http://10.0.0.7:8080/runbook ', 'http://10.0.0.7:8080/runbook'],
    ['HTTPS://Wiki.Example.com/Läden', 'HTTPS://Wiki.Example.com/Läden'],
    [`https://e.com/${'a'.repeat(486)}`, `https://e.com/${'a'.repeat(486)}`],
    ['', null],
    ['  ', null],
    [null, null],
  ])('%j is kept as %j', (given, kept) => {
    expect(parse(given).data).toEqual({ runbookUrl: kept });
  });

  const scheme = 'Start the runbook address with https:// or http://.';
  const blanks = 'Remove spaces and control characters from the runbook address.';
  const tooLong = 'The runbook address can have at most 500 characters.';
  test.each([
    ['javascript:alert(1)', scheme],
    ['data:text/html,<script>alert(1)</script>', scheme],
    ['ftp://example.com/', scheme],
    ['https:example.com', scheme],
    ['//example.com/', scheme],
    ['wiki.example.com/shop', scheme],
    ['https://', scheme],
    ['https://exam ple.com/', blanks],
    ['https://example.com/a\nb', blanks],
    ['https://example.com/\u202egnp', blanks],
    [
      'https://ada:secret@example.com/',
      'Remove the user name and password from the runbook address: every alert shows it.',
    ],
    [`https://e.com/${'a'.repeat(487)}`, tooLong],
    [`https://e.com/${'ä'.repeat(200)}`, tooLong],
    [7, 'The runbook address must be a string or null.'],
  ])('%j is refused', (given, message) => {
    expect(parse(given).error?.issues.map((issue) => [issue.path, issue.message])).toEqual([[['runbookUrl'], message]]);
  });

  test('is none where nobody gave one, and stays where a change does not name it', () => {
    expect(createMonitorSchema(true).parse(httpMonitor({ url: 'https://example.com/' })).runbookUrl).toBe(null);
    expect(changeMonitorSchema.parse({ name: 'Shop' })).toEqual({ name: 'Shop' });
  });
});
