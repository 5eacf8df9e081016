import type { Answer } from '../../domain/checks/answer.ts';
import { masker, maskHeader } from '../../masking/mask.ts';
import { readable } from '../../masking/readable.ts';
import { definitionOf } from './kind.ts';
import type { RawEvidence, Target } from './probe.ts';

/** How much of a failing answer's body is kept, in bytes. */
export const answerBodyBytes = 2 * 1024;

const maxHeaders = 40;
const maxHeaderLength = 500;
/** What is looked through for secrets before that. */
const lookedThrough = 2 * 1024;

/**
 * How many characters may be looked through, in all the ways in which an answer can be read: an ordinary one takes a tenth.
 * A target whose 40 headers can be read in many ways must not keep a Prober busy that others share.
 */
const maxReadings = 120_000;

/**
 * The evidence without the secrets of the target's settings. Masks first and shortens then, so that nothing shortened can
 * be part of a secret. Never throws.
 */
export const maskEvidence = (target: Target, { headers, body, cut, retried, secrets = [] }: RawEvidence): Answer => {
  const sent = sentOf(target);
  const mask = masker({ headers: sent.headers, body: null, cookies: [...sent.texts, ...secrets] }, maxReadings);
  // First, as what people look for is mostly there.
  const masked = body === null ? null : readable(mask(body, cut));
  return {
    headers: headers.slice(0, maxHeaders).map(([name, value]) => {
      const isCut = value.length > lookedThrough;
      const shown = maskHeader(name, value.slice(0, lookedThrough), (text) => mask(text, isCut));
      return { name, value: shown.length > maxHeaderLength ? `${shown.slice(0, maxHeaderLength)}…` : shown };
    }),
    body: masked,
    cut,
    ...(retried && { retried }),
  };
};

/** What the settings hold that others must not read. */
const sentOf = ({ kind, ...settings }: Target) => {
  const secrets = Object.entries(definitionOf(kind).secrets).map(([name, how]) => ({
    type: how?.type,
    value: settings[name as keyof typeof settings] as unknown,
  }));
  const records = secrets.filter(({ type }) => type === 'record').map(({ value }) => value as Record<string, string>);
  const texts = secrets.filter(({ type }) => type === 'text').map(({ value }) => value as string | null);
  return {
    headers: Object.assign({}, ...records) as Record<string, string>,
    texts: texts.filter((text) => text !== null),
  };
};
