import { maskedSecret } from '../../../worker/domain/monitors/monitor.ts';

/** The masks of some addresses begin with the origin. */
export const isMasked = (value: string) => value.endsWith(maskedSecret);
