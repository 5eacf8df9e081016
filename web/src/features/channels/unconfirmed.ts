import type { ChannelView, RecipientView } from '../../../../worker/contract/views.ts';

/** Recipients of an e-mail channel who have not confirmed, or have refused; none of other channels. */
export const unconfirmed = ({ recipients }: ChannelView): RecipientView[] =>
  (recipients ?? []).filter(({ state }) => state !== 'confirmed');
