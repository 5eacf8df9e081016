import type { Companion } from '../channels/channel.ts';
import type { Attempt } from './sendResult.ts';

/**
 * Sends a message together with its companions. Companions of `before` are sent first, so that a retry repeats nothing visible;
 * a permanent refusal does not block the message. Companions of `after` are tried twice.
 */
export const accompany = async (
  companions: readonly Companion[],
  deliver: () => Promise<Attempt>,
  bring: (companion: Companion) => Promise<Attempt>,
): Promise<Attempt> => {
  const notes: string[] = [];
  for (const one of companions.filter(({ when }) => when === 'before')) {
    const brought = await bring(one);
    if (brought.state === 'transient') return failed(one, brought);
    if (brought.state === 'permanent') notes.push(`${one.failed} ${brought.problem}`);
  }
  const attempted = await deliver();
  if (attempted.state !== 'delivered') return attempted;
  for (const one of companions.filter(({ when }) => when === 'after')) {
    const first = await bring(one);
    const brought = first.state === 'transient' ? await bring(one) : first;
    if (brought.state !== 'delivered') return failed(one, brought);
  }
  return notes.length > 0 ? { ...attempted, answer: [...notes, attempted.answer].join('\n') } : attempted;
};

/** The message itself cannot have arrived, so its retries are not limited. */
const failed = (one: Companion, { repeatsAtMost: _, ...brought }: Attempt): Attempt => ({
  ...brought,
  problem: `${one.failed} ${brought.problem}`,
});
