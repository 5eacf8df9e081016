import { A, useParams, useSearchParams } from '@solidjs/router';
import ArrowLeft from 'lucide-solid/icons/arrow-left';
import { useQuery } from '../../../app/cache/query.ts';
import { Answered } from '../../../ui/Answered.tsx';
import { createTitle } from '../../../ui/primitives/createTitle.ts';
import { createWayOn } from '../../../ui/primitives/createWayOn.ts';
import { Skeleton } from '../../../ui/Skeleton.tsx';
import { monitorQuery } from '../../monitors/queries.ts';
import { ReclassifyForm } from '../ReclassifyForm.tsx';
import '../../monitors/monitor.css';

/** Counts a past time of a monitor otherwise; `?from&to` fill the form in, `?incident` is where it was begun. */
export default function Reclassify() {
  createTitle(() => 'Reclassify a period');
  const params = useParams<{ id: string }>();
  const [search] = useSearchParams<{ from?: string; to?: string; incident?: string }>();
  const goOn = createWayOn();
  const monitor = useQuery(() => monitorQuery(params.id));
  const back = () => (search.incident ? `/incidents/${search.incident}` : `/monitors/${params.id}`);
  return (
    <div class="page narrow">
      <A href={back()} class="back">
        <ArrowLeft size={16} aria-hidden="true" />
        {search.incident ? 'Back to the incident' : 'Back to the monitor'}
      </A>
      <Answered
        query={monitor}
        answer={monitor.isPending ? undefined : monitor.data}
        waiting={<Skeleton rows={5} height="row" />}
      >
        {(found) => (
          <>
            <h1>Reclassify a period of {found().name}</h1>
            <p>
              Changes how a past period counts towards uptime. The detected status stays visible, and the audit trail
              records the author and the reason. You can undo it.
            </p>
            <ReclassifyForm
              monitorId={params.id}
              from={search.from}
              to={search.to}
              cancelHref={back()}
              saved={() => goOn(back())}
            />
          </>
        )}
      </Answered>
    </div>
  );
}
