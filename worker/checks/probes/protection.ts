import { cloudflareCode } from './synthetic.ts';

/**
 * How the bot protection of others refuses a request. Only what a refusal alone has: the sensors that such products put
 * into every page, and headers that they add to every answer, prove nothing. Header names are in lower case.
 */
interface Marker {
  vendor: string;
  /** Left out: any. */
  statuses?: readonly number[];
  header?: readonly [name: string, value: RegExp];
  body?: RegExp | ((text: string) => boolean);
}

/** https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors/ */
const cloudflareRefusals = [1005, 1006, 1007, 1008, 1009, 1010, 1012, 1015, 1020];

const refusedByCloudflare = (text: string) =>
  cloudflareRefusals.includes(cloudflareCode(text) ?? 0) ||
  /\b_cf_chl_opt\b|<title>\s*Attention Required! \| Cloudflare/.test(text);

export const markers: readonly Marker[] = [
  // https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/
  { vendor: 'Cloudflare', header: ['cf-mitigated', /^challenge$/i] },
  { vendor: 'Cloudflare', statuses: [403, 429, 503], header: ['server', /^cloudflare/i], body: refusedByCloudflare },
  // https://docs.aws.amazon.com/waf/latest/developerguide/waf-captcha-and-challenge-actions.html
  { vendor: 'AWS WAF', header: ['x-amzn-waf-action', /^(challenge|captcha)$/i] },
  { vendor: 'Vercel', header: ['x-vercel-mitigated', /^(challenge|deny)$/i] },
  // https://docs.datadome.co/reference/validate-request
  { vendor: 'DataDome', statuses: [401, 403, 405, 429], header: ['x-dd-b', /^\d+$/] },
  { vendor: 'DataDome', statuses: [401, 403, 405, 429], body: /\b(?:geo|ct|c)\.captcha-delivery\.com\b/ },
  {
    vendor: 'HUMAN',
    statuses: [403, 429],
    body: /\bpx-captcha\b|captcha\.px-c(?:dn|loud)\.net|"appId"\s*:\s*"PX\w+"[\s\S]*"(?:jsClientSrc|blockScript)"/,
  },
  {
    vendor: 'Imperva',
    body: /Incapsula incident ID|_Incapsula_Resource\?(?:CWUDNSAI|SWUDNSAI)=|_Incapsula_Resource\?SWJIYLWA[\s\S]*<body[^>]*>\s*<\/body>|<title>\s*Pardon Our Interruption/i,
  },
  {
    vendor: 'Akamai',
    statuses: [403, 428, 429],
    body: /errors(?:\.|&#46;)edgesuite(?:\.|&#46;)net|Reference&#32;&#35;\d+(?:\.|&#46;)|\bsec-if-cpt-container\b/i,
  },
  {
    vendor: 'Sucuri',
    header: ['server', /^sucuri/i],
    body: /<title>\s*Sucuri Web\s?site Firewall - Access Denied|\bsucuri_cloudproxy_js\b/i,
  },
  {
    vendor: 'DDoS-Guard',
    statuses: [403, 429, 503],
    header: ['server', /^ddos-guard/i],
    body: /\/\.well-known\/ddos-guard\/(?:js-challenge|ddg-captcha-page|check)|<title>\s*DDoS-Guard\s*<\/title>/i,
  },
  { vendor: 'Kasada', statuses: [403, 429], header: ['x-kpsdk-ct', /./] },
];

type Answered = Pick<Response, 'status' | 'headers'>;

const fits = ({ statuses, header }: Marker, { status, headers }: Answered) =>
  (!statuses || statuses.includes(status)) && (!header || header[1].test(headers.get(header[0]) ?? ''));

/** Whose protection refused the request, as far as the headers tell; null where they do not. */
export const refusedByHeaders = (answer: Answered): string | null =>
  markers.find((marker) => !marker.body && marker.header && fits(marker, answer))?.vendor ?? null;

/** The same with the beginning of the body. */
export const refusedByBody = (answer: Answered, text: string): string | null => {
  const found = markers.find((marker) => {
    if (!marker.body || !fits(marker, answer)) return false;
    return typeof marker.body === 'function' ? marker.body(text) : marker.body.test(text);
  });
  return found?.vendor ?? null;
};

/** An unexpected answer of these statuses is looked into. */
const refusalStatuses = [401, 403, 405, 406, 428, 429, 503];

export const mayBeRefusal = ({ status }: Answered) => refusalStatuses.includes(status);

/** Some refuse with a status that says all is well, in a small page of their own. */
export const mayBeRefusalPage = ({ status, headers }: Answered) =>
  status < 400 &&
  /html/i.test(headers.get('content-type') ?? '') &&
  Number(headers.get('content-length') ?? Infinity) <= 4096 &&
  (headers.has('x-iinfo') || /^sucuri/i.test(headers.get('server') ?? ''));
