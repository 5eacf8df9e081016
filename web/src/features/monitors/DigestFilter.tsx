import X from 'lucide-solid/icons/x';
import { Show } from 'solid-js';
import { useQuery } from '../../app/cache/query.ts';
import { exactTime, minuteTime } from '../../lib/format.ts';
import { now } from '../../lib/now.ts';
import { digestQuery } from '../channels/queries.ts';

/** Says that the list is that of a digest, and leads back to all monitors. */
export const DigestFilter = (props: { id: string; onRemove: () => void }) => {
  const digest = useQuery(() => digestQuery(props.id));
  const sentAt = () => (digest.isSuccess ? digest.data.createdAt : undefined);
  return (
    <p class="digest-filter">
      <button type="button" class="chip" aria-pressed="true" onClick={() => props.onRemove()}>
        <Show when={sentAt()} fallback="Monitors of a digest">
          {(at) => (
            <span>
              Monitors of the digest of{' '}
              <time dateTime={at()} title={exactTime(at())}>
                {minuteTime(at(), now())}
              </time>
            </span>
          )}
        </Show>
        <span class="visually-hidden">. Show all monitors</span>
        <X size={16} aria-hidden="true" />
      </button>
    </p>
  );
};
