import type { ChannelView, RecipientView } from '../../../../worker/contract/views.ts';

/** Unconfirmed recipients of an e-mail channel, and those who have refused; none for other channels. */
export const unconfirmed = ({ recipients }: ChannelView): RecipientView[] =>
  (recipients ?? []).filter(({ state }) => state !== 'confirmed');
