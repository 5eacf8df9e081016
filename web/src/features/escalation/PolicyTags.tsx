import { createMemo, createUniqueId, For, Show } from 'solid-js';
import type { EscalationPolicyView, MonitorListItem } from '../../../../worker/contract/views.ts';
import { resolvePolicy } from '../../../../worker/domain/escalation/resolvePolicy.ts';
import { useQuery } from '../../app/cache/query.ts';
import { Field } from '../../ui/Field.tsx';
import { TagInput } from '../../ui/TagInput.tsx';
import { taggedMonitorsQuery, tagsQuery } from '../monitors/queries.ts';
import { monitorCount, policyMatchText } from './policyMatchText.ts';

/** The monitors that a policy applies to by their tags, and those of them that use another policy anyway. */
export const PolicyTags = (props: {
  policy: EscalationPolicyView | undefined;
  policies: EscalationPolicyView[];
  tags: string[];
  error: string | undefined;
  onChange: (tags: string[]) => void;
}) => {
  const known = createUniqueId();
  const tagsInUse = useQuery(tagsQuery);
  const tagged = useQuery(() => taggedMonitorsQuery(props.tags));
  const all = () => (tagged.isPending ? [] : (tagged.data?.monitors ?? []));
  const isPartial = () => !tagged.isPending && tagged.data?.isPartial === true;
  /** The policies after saving this one; a new one is the newest. */
  const choices = () => {
    const { id, createdAt } = props.policy ?? { id: '', createdAt: '9999-12-31T00:00:00.000Z' };
    const self = { id, name: '', isDefault: false, tags: props.tags, createdAt };
    return [self, ...props.policies.filter((one) => one.id !== id)].map((one) => ({
      ...one,
      createdAt: Date.parse(one.createdAt),
    }));
  };
  const rows = createMemo(() =>
    all()
      .filter(({ tags }) => tags.some((tag) => props.tags.includes(tag)))
      .map((monitor) => ({ monitor, found: resolvePolicy(monitor, choices()) })),
  );
  const isCovered = ({ found }: ReturnType<typeof rows>[number]) => found?.policy.id === (props.policy?.id ?? '');
  const elsewhere = () => rows().filter((row) => !isCovered(row));
  return (
    <>
      <Field
        label="Tags of its monitors"
        optional
        error={props.error}
        hint="Press comma or Enter to add a tag. Without tags, the policy applies only to monitors that select it."
      >
        {(control) => <TagInput control={control} tags={props.tags} suggestions={known} onChange={props.onChange} />}
      </Field>
      <datalist id={known}>
        <For each={tagsInUse.isSuccess ? tagsInUse.data : []}>{(tag) => <option value={tag} />}</For>
      </datalist>
      <Show when={props.tags.length > 0 && tagged.isSuccess}>
        <div class="caption" role="status" data-testid="coverage">
          <p>
            {isPartial() ? 'At least ' : ''}
            {monitorCount(rows().filter(isCovered).length)} with these tags
            <Names
              isPartial={isPartial()}
              monitors={rows()
                .filter(isCovered)
                .map(({ monitor }) => monitor)}
            />
          </p>
          <For each={elsewhere()}>
            {({ monitor, found }) => (
              <p>
                {monitor.name} uses “{found?.policy.name}”,{' '}
                {found?.because === 'tag' ? 'which is older and shares a tag' : found && policyMatchText(found)}.
              </p>
            )}
          </For>
        </div>
      </Show>
    </>
  );
};

const maxNames = 8;

const Names = (props: { monitors: MonitorListItem[]; isPartial: boolean }) => (
  <Show when={props.monitors.length > 0} fallback=".">
    :{' '}
    {props.monitors
      .slice(0, maxNames)
      .map(({ name }) => name)
      .join(', ')}
    <Show when={props.monitors.length > maxNames} fallback=".">
      {' '}
      and {props.isPartial ? 'more' : `${props.monitors.length - maxNames} more`}.
    </Show>
  </Show>
);
