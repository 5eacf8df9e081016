import { expect, test } from 'vitest';
import { slugProblem } from '../../worker/domain/reservedSlugs.ts';

test.each([
  ...['admin', 'ad-min', 'adm1n', 'login', 'log-in', 'l0gin', '1ogin', 'api', 'status', 'www', 'support', '5upport'],
  ...['healthz', 'confirm', 'pharos', 'ph4ros', 'security', 'xn--80ak6aa92e', 'bi11ing', 'no-reply', 'r00t'],
])('%s is reserved', (slug) => {
  expect(slugProblem(slug)).toBe('reserved');
});

test.each([
  ...['paypal', 'pay-pal', 'paypa1', 'paypai', 'p4yp4l', 'paypal-login', 'my-paypal', 'paypallogin', 'loginpaypal'],
  ...[
    'konto-paypal-de',
    'paypal-24',
    'g00gle',
    'goog1e',
    'googie',
    'gooogle',
    'micros0ft',
    'rnicrosoft',
    'amaz0n-support',
  ],
  ...['vvhatsapp', 'cloudflare-status', 'doudflare', 'apple', 'app1e', 'apple-support', 'stripe-payments'],
])('%s is a brand', (slug) => {
  expect(slugProblem(slug)).toBe('brand');
});

test.each([
  ...[
    'shop',
    'acme',
    'acme-status',
    'status-of-acme',
    'mall',
    'ali',
    'apple-farm',
    'slack-line',
    'metadata',
    'zoomania',
  ],
  ...[
    'booking',
    'signal',
    'team-one',
    'page-1a2b3c4d',
    'lighthouse',
    'baeckerei',
    'visual',
    'intelligence',
    'my-service',
  ],
])('%s is free', (slug) => {
  expect(slugProblem(slug)).toBeNull();
});
