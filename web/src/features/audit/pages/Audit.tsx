import { A, useSearchParams } from '@solidjs/router';
import ArrowLeft from 'lucide-solid/icons/arrow-left';
import { For, lazy, Show } from 'solid-js';
import { PagedList } from '../../../ui/PagedList.tsx';
import { createTitle } from '../../../ui/primitives/createTitle.ts';
import { auditQuery } from '../../teams/queries.ts';
import '../../history/history.css';
import '../../monitors/monitor.css';
import { useInfiniteQuery } from '../../../app/cache/query.ts';

// Its words for settings come from the fields of kinds, which need the schema library.
const AuditEntry = lazy(() => import('../AuditEntry.tsx').then((module) => ({ default: module.AuditEntry })));

/** Actions of people that affect alerts or uptime; `?monitorId` shows those of one monitor. */
export default function Audit() {
  createTitle(() => 'Audit trail');
  const [search] = useSearchParams<{ monitorId?: string }>();
  const list = useInfiniteQuery(() => auditQuery(search.monitorId));
  const all = () => list.items;
  const named = () => all()[0]?.monitor?.name ?? 'one monitor';
  return (
    <div class="page narrow">
      <A href="/settings" class="back">
        <ArrowLeft size={16} aria-hidden="true" />
        Settings
      </A>
      <h1>Audit trail</h1>
      <p>
        Changes of monitors, incidents, alerts, status pages and the team, and sign-ins, with author, time and reason.
        Newest first.
      </p>
      <Show when={search.monitorId}>
        <p class="audit-filter">
          Only entries of {named()}. <A href="/settings/audit">Show all</A>
        </p>
      </Show>
      <PagedList
        list={list}
        isEmpty={all().length === 0}
        empty={
          <p class="nothing panel">
            No entries yet. Pharos lists changes of monitors, maintenance windows, channels, policies, status pages and
            settings, reclassifications, incidents resolved or reopened manually, and sign-ins.
          </p>
        }
      >
        <ul class="panel audit">
          <For each={all()}>{(entry) => <AuditEntry entry={entry} />}</For>
        </ul>
      </PagedList>
    </div>
  );
}
