/**
 * Addresses of status pages that would pass for Pharos itself, for an office of its operator, or for a well-known company. An
 * existing page keeps its address.
 */

/** Places of this site or of usual sites, and offices that people trust. */
const reserved = [
  'about abuse access account accounts acknowledge activate admin administrator admins alert alerts announcement',
  'announcements anonymous api apis app apps asset assets auth authorize autoconfig autodiscover backup backups',
  'billing bots calendar calendars callback careers cdn channel channels checkout ciso',
  'community compliance config confirm console contact contacts copyright cron dashboard database',
  'debug delete dev developer developers dmca dns docs documentation domain domains down download downloads',
  'edit email emails enterprise error errors export faq faqs favicon feed feeds finance forgot',
  'forum forums ftp function functions graphql guest health healthz help helpdesk hostmaster hosting',
  'http https identity image images imap import incident incidents index install internal invoice invoices',
  'invite issues join json jwks keys legal license localhost log login logins logout',
  'logs mail mailer mailerdaemon maintenance manage management manifest marketing member message',
  'messages metrics moderator moderators monitor monitoring monitors mx newsletter noc nobody noreply',
  'notification notifications notify ns null oauth oncall openid operator operators owner',
  'password passwords pay payment payments person personal phishing ping policies policy pop portal',
  'postmaster premium preview pricing privacy private prod production profile profiles proxy public purchase',
  'queue recovery redirect refund refunds register registration remove report reports reset rest robots root rss',
  'sales sandbox saml save schema script scripts secure security server servers service services session sessions',
  'setting settings setup signin signout signup sitemap smtp spam ssl sso staff staging stat static stats',
  'statistics status statuspage statuspages subscribe subscription subscriptions sudo superuser support',
  'suspended svc swagger sysadmin system systems team teams telnet terms thanks ticket tickets',
  'tls token tokens trust undefined unsubscribe update updates upgrade uptime url user username users verify',
  'verification warning webhook webhooks webmail webmaster website whois widget widgets workers',
  'wpad www xml pharos',
]
  .join(' ')
  .split(/ +/)
  .filter(Boolean);

/** Companies whose names are used to deceive most, and those whose status people look for. Letters and digits only. */
const brands = [
  'adobe adyen airbnb akamai alibaba aliexpress amazon amazonaws americanexpress anthropic appleid',
  'atlassian auth0 bankofamerica barclays binance bitbucket bitcoin bloomberg bnpparibas',
  'capitalone cashapp chatgpt cisco citibank citigroup cloudflare coinbase commerzbank comcast',
  'deutschebank deutschepost digitalocean disney docusign dropbox ebay epicgames ethereum',
  'facebook fastly fedex firefox flickr github gitlab gmail godaddy google googlecloud heroku',
  'hetzner hotmail huawei hubspot icloud ikea imdb ingbank instagram intuit jpmorgan kaspersky',
  'klarna kubernetes lastpass linkedin lloyds mailchimp mastercard mcafee mercadolibre',
  'metamask microsoft mongodb monzo namecheap naver netflix netlify nintendo nordvpn nvidia',
  'office365 onedrive onepassword openai outlook ovhcloud pagerduty paypal paysafe pinterest playstation',
  'postbank protonmail qualcomm rakuten reddit revolut roblox salesforce samsung santander sendgrid',
  'shopify skype snapchat soundcloud sparkasse spotify squarespace stackoverflow starbucks',
  'swisscom tmobile telekom tencent tesla ticketmaster tiktok trello trustwallet twilio',
  'twitch twitter ubisoft usps venmo vercel verizon vimeo vodafone volksbank walmart wechat wellsfargo',
  'westernunion whatsapp wikipedia wordpress xbox yahoo yandex youtube zalando zendesk',
]
  .join(' ')
  .split(/ +/)
  .filter(Boolean);

/** Names that are everyday words or short: refused alone and in official-looking company, but not as a part of others. */
const everyday = [
  'amex android apple aws azure bluesky bsky bookingcom chasebank citi dell dhl discord dkb docker hsbc ibm intel meta n26',
  'nike npm okta oracle ovh sap slack stripe telegram uber visa zoom',
]
  .join(' ')
  .split(/ +/)
  .filter(Boolean);

/** Digits that are read as letters. */
const asLetters = (text: string): string =>
  text
    .replaceAll(/[0345679]/g, (digit) => ({ 0: 'o', 3: 'e', 4: 'a', 5: 's', 6: 'g', 7: 't', 9: 'g' })[digit] ?? digit)
    .replaceAll('8', 'b');

const plain = (text: string) => asLetters(text.toLowerCase().replaceAll('-', ''));

/** What people read alike has one form: also `i`, `l` and `1`. */
const light = (text: string): string => plain(text).replaceAll(/[i1]/g, 'l');

/** The same with `vv` for `w`, `rn` for `m` and `cl` for `d`. */
const alike = (text: string): string => light(text).replaceAll('vv', 'w').replaceAll('rn', 'm').replaceAll('cl', 'd');

/** The same with doubled letters as one. */
const strong = (text: string): string => alike(text).replaceAll(/(.)\1+/g, '$1');

/** In short words `i` and `l` distinguish words (`mail`, `mall`). */
const similarFrom = 5;
const reservedForms = new Set(reserved.map((word) => (word.length < similarFrom ? plain(word) : light(word))));
const distinctiveForms = new Set(brands.map(strong));
const brandForms = new Set([...brands, ...everyday].map(strong));

const isReserved = (slug: string): boolean =>
  [plain(slug), plain(slug.replaceAll('1', 'i')), plain(slug.replaceAll('1', 'l')), light(slug)].some(
    (form, i) => reservedForms.has(form) && (i < 3 || form.length >= similarFrom),
  );

const formsOf = (words: string) => new Set(words.split(' ').map(light));

/** What people are asked to trust or to type in: reserved also in company, as in `password-reset` and `my-admin`. */
const trusted = formsOf(
  'abuse account accounts activate admin administrator admins confirm helpdesk login logout logon operator pharos password ' +
    'passwords phishing recovery reset secure security signin signon signup sso support suspended unsubscribe verification verify',
);
const besideTrusted = formsOf(
  'center centre desk email help here id it mail me my now official our page portal real service services system team the user ' +
    'web your',
);

const withoutNumber = (word: string) => word.replace(/\d+$/, '');

const isTrusted = (words: readonly string[]): boolean => {
  const forms = words.flatMap((word) => light(withoutNumber(word)) || []);
  return (
    forms.includes(light('pharos')) ||
    (forms.some((form) => trusted.has(form)) && forms.every((form) => trusted.has(form) || besideTrusted.has(form)))
  );
};

/** Words that make a page of a brand look official: `paypal-login`, `my-paypal`. */
const official = [
  ...reserved,
  ...'official real true my the your our online inc gmbh com net eu uk usa de shop store app id hq card wallet bank'.split(
    ' ',
  ),
  ...'banking bonus claim delivery free gift giveaway konto kunden lieferung meeting nitro package paket parcel prize'.split(
    ' ',
  ),
  ...'promo rewards sendung track tracking win winner'.split(' '),
];
const additions = new Set(official.map(strong));
const gluedBrands = new Set([...brands, ...everyday].map(alike));
const gluedAdditions = [...new Set(official.map(alike))].filter((word) => word.length > 3);
/** Shorter ones only beside names that are nobody's words. */
const gluedDistinctive = new Set(brands.map(alike));
const shortAdditions = 'app com de eu hq id inc my net s the uk usa www your'.split(' ').map(alike);

const isBrand = (words: readonly string[]): boolean => {
  const forms = words.map(strong);
  const rest = forms.filter((form, i) => !additions.has(form) && !/^\d+$/.test(words[i] ?? ''));
  const isDistinctive = [...forms, ...words.map((word) => strong(withoutNumber(word)))].some((form) =>
    distinctiveForms.has(form),
  );
  if (isDistinctive || words.some(besideBrand)) return true;
  return brandForms.has(rest.join('')) || brandForms.has(forms.join(''));
};

/** Without a hyphen between them: `paypallogin`, `loginpaypal`, `mypaypal`. */
const besideBrand = (word: string): boolean =>
  isGlued(alike(word), gluedAdditions, gluedBrands) || isGlued(alike(word), shortAdditions, gluedDistinctive);

const isGlued = (form: string, additions: readonly string[], names: ReadonlySet<string>): boolean =>
  additions.some(
    (addition) =>
      (form.endsWith(addition) && names.has(form.slice(0, -addition.length))) ||
      (form.startsWith(addition) && names.has(form.slice(addition.length))),
  );

export type SlugProblem = 'reserved' | 'brand';

/** Why a team may not take the address; null where it may. */
export const slugProblem = (slug: string): SlugProblem | null => {
  // What begins so stands for letters of another script, which are not seen here.
  const words = slug.split('-').filter(Boolean);
  if (slug.startsWith('xn--') || isReserved(slug) || isTrusted(words)) return 'reserved';
  return isBrand(words) ? 'brand' : null;
};

export const slugProblemText: Record<SlugProblem, string> = {
  reserved: 'This address is reserved. Choose one that names your service.',
  brand: 'This address names a well-known company. Choose one that names your own service.',
};
