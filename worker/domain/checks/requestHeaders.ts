/** On every request of ours: which Pharos sent it. That one refuses it, whatever name led there. */
export const originHeader = 'pharos-origin';

/** A team's secret, in requests to targets that are to recognise its checks; only over https, and to the monitor's own origin. */
export const tokenHeader = 'Pharos-Token';

/** Request headers that another origin may see. Any other one may carry a secret, whatever its name. */
export const publicHeaders: readonly string[] = [
  'accept',
  'accept-language',
  'content-type',
  'user-agent',
  originHeader,
];
