import { expect, test } from 'vitest';
import { slugProblem } from '../../../worker/domain/statusPages/reservedSlugs.ts';

test.each([
  ...['admin', 'ad-min', 'adm1n', 'login', 'log-in', 'l0gin', '1ogin', 'api', 'status', 'www', 'support', '5upport'],
  ...['healthz', 'confirm', 'pharos', 'ph4ros', 'security', 'xn--80ak6aa92e', 'bi11ing', 'no-reply', 'r00t'],
  ...[
    'my-admin',
    'admin1',
    'the-admin',
    'pharos-status',
    'phar0s-team',
    'password-reset',
    'verify-account',
    'login-page',
  ],
  ...['security-team', 'it-support', 'it-helpdesk', 'confirm-email', 'support24', 'acc0unt-verify', 'your-account'],
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
  ...['paypalcom', 'wwwpaypal', 'mypaypal', 'paypals', 'paypal123', 'amazonde', 'microsoft365', 'appleid', 'apple-id'],
  ...['dhl-paket', 'dhl-tracking', 'discord-gift', 'zoom-meeting', 'slack-hq', 'outlook-login'],
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
    'support-of-acme',
    'acme-support',
    'billing-service',
    'server1',
    'web-server',
    'payments-api',
    'password-manager-acme',
    'metanet',
    'pineapple',
    'snapples',
  ],
])('%s is free', (slug) => {
  expect(slugProblem(slug)).toBeNull();
});
