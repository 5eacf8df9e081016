import { maskedSecret } from '../../../worker/domain/monitors/monitor.ts';

/** Of some addresses the mask begins with the origin. */
export const isMasked = (value: string) => value.endsWith(maskedSecret);
