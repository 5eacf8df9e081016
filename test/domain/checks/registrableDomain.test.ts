import fc from 'fast-check';
import { expect, test } from 'vitest';
import { registrableDomain } from '../../../worker/domain/checks/registrableDomain.ts';

test.each([
  ['example.com', 'example.com'],
  ['a.b.c.example.com', 'example.com'],
  ['WWW.Example.COM', 'example.com'],
  ['example.com.', 'example.com'],
  ['www.example.com.:8443', 'example.com'],
  ['www.example.co.uk', 'example.co.uk'],
  ['shop.example.com.au', 'example.com.au'],
  ['a.b.city.kobe.jp', 'city.kobe.jp'],
  ['www.bücher.de', 'xn--bcher-kva.de'],
  ['www.xn--bcher-kva.de', 'xn--bcher-kva.de'],
  ['WWW.BÜCHER.DE', 'xn--bcher-kva.de'],
  ['www。example。com', 'example.com'],
  ['ｗｗｗ.ｅｘａｍｐｌｅ.com', 'example.com'],
  ['exa%6Dple.com', 'example.com'],
  ['exam\u00ADple.com', 'example.com'],
  ['_dmarc.example.com', 'example.com'],
])('the spelling %s belongs to %s', (host, domain) => expect(registrableDomain(host)).toBe(domain));

test.each([
  ['a.github.io', 'a.github.io'],
  ['x.a.github.io', 'a.github.io'],
  ['worker.account.workers.dev', 'account.workers.dev'],
  ['preview.project.pages.dev', 'project.pages.dev'],
  ['x.y.duckdns.org', 'y.duckdns.org'],
  ['bucket.s3.amazonaws.com', 'bucket.s3.amazonaws.com'],
  ['a.gr.com', 'a.gr.com'],
])('strangers share the suffix of %s, so it belongs to %s', (host, domain) =>
  expect(registrableDomain(host)).toBe(domain),
);

test.each(['1.2.3.4.nip.io', '5-6-7-8.nip.io'])(
  'a name that anybody can make up for an address (%s) is not a domain of its own',
  (host) => expect(registrableDomain(host)).toBe('nip.io'),
);

test.each([
  ['93.184.216.34', '93.184.216.34'],
  ['93.184.216.34:8080', '93.184.216.34'],
  ['0x5d.0xb8.0xd8.0x22', '93.184.216.34'],
  ['1572395042', '93.184.216.34'],
  ['0135.0270.0330.042', '93.184.216.34'],
  ['93.12113954', '93.184.216.34'],
  ['93.184.216.34.', '93.184.216.34'],
  ['[2606:2800:220:1::]', '[2606:2800:220:1::]'],
  ['[2606:2800:0220:0001:0:0:0:0]:443', '[2606:2800:220:1::]'],
  ['2606:2800:220:1::', '[2606:2800:220:1::]'],
  ['::ffff:93.184.216.34', '[::ffff:5db8:d822]'],
])('the address %s is %s', (host, domain) => expect(registrableDomain(host)).toBe(domain));

test.each([
  ['localhost', 'localhost'],
  ['LOCALHOST:3000', 'localhost'],
  ['db.internal', 'db.internal'],
  ['co.uk', 'co.uk'],
  ['GitHub.io.', 'github.io'],
  ['not a host', 'not a host'],
  ['', ''],
  ['...', '...'],
  ['user@example.com', 'user@example.com'],
])('%j is its own domain: %j', (host, domain) => expect(registrableDomain(host)).toBe(domain));

const label = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
const suffix = fc.constantFrom('com', 'de', 'co.uk', 'com.au', 'github.io', 'workers.dev', 'xn--p1ai', 'xn--55qx5d.cn');
const spelling = (host: string) =>
  fc
    .tuple(
      fc.array(fc.boolean(), { minLength: 3, maxLength: 9 }),
      fc.constantFrom('', '.'),
      fc.constantFrom('', ':8443'),
    )
    .map(([caps, dot, port]) => {
      const cased = [...host].map((c, i) => (caps[i % caps.length] ? c.toUpperCase() : c)).join('');
      return `${cased}${dot}${port}`;
    });

test('every name below a registered domain, in every spelling, belongs to it', () => {
  // Names such as gr.com are themselves suffixes below which others register; none of these ends so.
  const registered = label.map((name) => `${name}-own`);
  const host = fc
    .tuple(fc.array(label, { maxLength: 4 }), registered, suffix)
    .map(([below, name, ending]) => ({ host: [...below, name, ending].join('.'), domain: `${name}.${ending}` }));
  fc.assert(
    fc.property(
      host.chain((of) => spelling(of.host).map((spelled) => ({ ...of, spelled }))),
      ({ domain, spelled }) => {
        expect(registrableDomain(spelled)).toBe(domain);
      },
    ),
  );
});

test('the domain of a domain is itself, and no text makes it throw', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.webUrl().map((url) => new URL(url).host),
        fc.string({ unit: 'binary' }),
        fc.ipV6(),
        fc.ipV4(),
      ),
      (host) => {
        const domain = registrableDomain(host);
        expect(registrableDomain(domain)).toBe(domain);
      },
    ),
  );
});
