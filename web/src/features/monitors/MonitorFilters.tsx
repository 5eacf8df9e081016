import Search from 'lucide-solid/icons/search';
import { For, Show } from 'solid-js';
import type { Verdict } from '../../../../worker/domain/history/uptime.ts';
import { type Condition, conditions } from '../../../../worker/domain/verdict/condition.ts';
import type { MonitorFilter } from '../../app/cache/api.ts';
import { conditionLabels, verdictLabels, verdicts } from '../verdicts/verdictText.ts';
import { ConditionIcon } from './Conditions.tsx';

const text = (count: number | undefined) => count?.toLocaleString('en') ?? '…';

const monitorsText = (count: number) => (count === 1 ? '1 monitor' : `${text(count)} monitors`);

/** Search, verdict and tag; the verdict buttons count what the search finds, so that they are the summary as well. */
export const MonitorFilters = (props: {
  filter: MonitorFilter;
  counts: Partial<Record<Verdict | Condition, number>>;
  /** Undefined while it is not known. */
  total: number | undefined;
  /** Number of monitors before search and tag filters; undefined without them. */
  searchedIn: number | undefined;
  tags: string[];
  onChange: (change: { [K in keyof MonitorFilter]: MonitorFilter[K] | null }) => void;
}) => {
  /** Once the counts are known, missing ones are 0. */
  const of = (kind: Verdict | Condition) => props.counts[kind] ?? (props.total === undefined ? undefined : 0);
  const shown = () => verdicts.filter((v) => (props.counts[v] ?? 0) > 0 || props.filter.verdict === v);
  const holding = () => conditions.filter((c) => (props.counts[c] ?? 0) > 0 || props.filter.condition === c);
  return (
    <div class="filters">
      <label class="search">
        <span class="visually-hidden">Search monitors</span>
        <Search size={18} aria-hidden="true" />
        <input
          type="search"
          placeholder="Search by name or address"
          value={props.filter.search ?? ''}
          onInput={(event) => props.onChange({ search: event.currentTarget.value || null })}
        />
      </label>
      <fieldset class="chips" aria-label="Filter by status">
        <button
          type="button"
          class="chip"
          aria-pressed={!props.filter.verdict && !props.filter.condition}
          onClick={() => props.onChange({ verdict: null, condition: null })}
        >
          All <b>{text(props.total)}</b>
        </button>
        <For each={shown()}>
          {(verdict) => (
            <button
              type="button"
              class="chip"
              data-verdict={verdict}
              aria-pressed={props.filter.verdict === verdict}
              onClick={() => props.onChange({ verdict: props.filter.verdict === verdict ? null : verdict })}
            >
              <span class="chip-dot" aria-hidden="true" />
              {verdictLabels[verdict]} <b>{text(of(verdict))}</b>
            </button>
          )}
        </For>
        <For each={holding()}>
          {(condition) => (
            <button
              type="button"
              class="chip"
              data-condition={condition}
              aria-pressed={props.filter.condition === condition}
              onClick={() => props.onChange({ condition: props.filter.condition === condition ? null : condition })}
            >
              <ConditionIcon condition={condition} size={14} />
              {conditionLabels[condition]} <b>{text(of(condition))}</b>
            </button>
          )}
        </For>
      </fieldset>
      <Show when={props.searchedIn}>
        {(all) => (
          <p class="caption counted" role="status">
            {text(props.total)} of {monitorsText(all())} found
          </p>
        )}
      </Show>
      <Show when={props.tags.length > 0}>
        <label class="tag-filter">
          <span class="visually-hidden">Filter by tag</span>
          <select onChange={(e) => props.onChange({ tag: e.currentTarget.value || null })}>
            <option value="">All tags</option>
            <For each={props.tags}>
              {(tag) => (
                <option value={tag} selected={props.filter.tag === tag}>
                  {tag}
                </option>
              )}
            </For>
          </select>
        </label>
      </Show>
    </div>
  );
};
