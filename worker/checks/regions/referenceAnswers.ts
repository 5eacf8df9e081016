import { discard } from '../../http/body.ts';
import { userAgent } from '../kinds/http/hop.ts';

const referenceTimeoutMs = 3_000;

/**
 * Whether a reference target answers from here. 429 and 403 also come from a reached operator; 52x and 530 are the platform's
 * own (synthetic.ts).
 */
export const referenceAnswers = async (url: string): Promise<boolean> => {
  try {
    const signal = AbortSignal.timeout(referenceTimeoutMs);
    const headers = { 'user-agent': userAgent };
    const response = await fetch(url, { signal, headers, redirect: 'manual', cache: 'no-store' });
    discard(response);
    return response.status < 500;
  } catch {
    return false;
  }
};
