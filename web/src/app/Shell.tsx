import { A, type RouteSectionProps, useLocation, useNavigate } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import Activity from 'lucide-solid/icons/activity';
import Bell from 'lucide-solid/icons/bell';
import Globe from 'lucide-solid/icons/globe';
import Settings from 'lucide-solid/icons/settings';
import Siren from 'lucide-solid/icons/siren';
import Wrench from 'lucide-solid/icons/wrench';
import { createEffect, ErrorBoundary, For, on, onCleanup, Suspense } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import { countsQuery } from '../features/monitors/queries.ts';
import { knownAccount } from '../lib/account.ts';
import { isUnloaded } from '../lib/problem.ts';
import { Logo } from '../ui/Logo.tsx';
import { ProblemMessage } from '../ui/ProblemMessage.tsx';
import { setDownCount, title } from '../ui/primitives/createTitle.ts';
import { Skeleton } from '../ui/Skeleton.tsx';
import { onOtherAccount } from './cache/onOtherAccount.ts';
import { useQuery } from './cache/query.ts';
import { askAgainSince } from './cache/queryClient.ts';
import { sessionEnded } from './cache/session.ts';
import { LiveIndicator } from './LiveIndicator.tsx';
import { createLive } from './live/createLive.ts';
import { applyLiveEvent } from './live/liveCache.ts';
import { ReadPauseNotice } from './ReadPauseNotice.tsx';
import { StallNotice } from './StallNotice.tsx';
import { StorageNotice } from './StorageNotice.tsx';

const places = [
  { href: '/monitors', text: 'Monitors', icon: Activity },
  { href: '/incidents', text: 'Incidents', icon: Siren },
  { href: '/alerts', text: 'Alerts', icon: Bell },
  { href: '/maintenance', text: 'Maintenance', icon: Wrench },
  { href: '/status-pages', text: 'Status pages', icon: Globe },
  { href: '/settings', text: 'Settings', icon: Settings },
];

/** The frame around every page of a signed-in person; owns the live connection. */
export const Shell = (props: RouteSectionProps) => {
  const client = useQueryClient();
  const navigate = useNavigate();
  const location = useLocation();
  const counts = useQuery(() => countsQuery());
  const live = createLive({
    onEvent: (event) => applyLiveEvent(client, event),
    // Events between a response and the opening of the socket reached nobody.
    onOpen: (at) => askAgainSince(client, at),
    poll: () => void client.invalidateQueries(),
    mayBegin: knownAccount() !== '',
    ready: () => counts.isSuccess,
  });
  createEffect(() => setDownCount(counts.isSuccess ? counts.data.verdicts.down : 0));
  onCleanup(() => setDownCount(0));
  // This window shows the previous team, and input in it would go to the other's team.
  onOtherAccount(() => window.location.assign('/'));
  let content: HTMLElement | undefined;
  const catchFocus = () => document.activeElement === document.body && content?.focus({ preventScroll: true });
  // The focused element may have disappeared with the previous page: the focus moves to the new page, not to the top.
  createEffect(
    on(
      () => location.pathname,
      () => setTimeout(catchFocus),
      { defer: true },
    ),
  );
  createEffect(() => {
    if (!sessionEnded()) return;
    client.clear();
    const wanted = location.pathname + location.search;
    navigate(`/sign-in?next=${encodeURIComponent(wanted)}`, { replace: true });
  });

  return (
    <div class="shell">
      <a class="skip-link" href="#content">
        Skip to content
      </a>
      <header class="topbar">
        <A href="/monitors" class="brand" aria-label="Pharos: monitors" activeClass="" inactiveClass="">
          <Logo />
          <span>Pharos</span>
        </A>
        <nav class="places" aria-label="Main">
          <For each={places}>
            {(place) => (
              <A href={place.href} class="place">
                <Dynamic component={place.icon} size={20} aria-hidden="true" />
                <span>{place.text}</span>
              </A>
            )}
          </For>
        </nav>
        {/* Polling fails as well, so what the page shows is old. */}
        <LiveIndicator state={live() !== 'live' && counts.isError ? 'offline' : live()} />
      </header>
      <p class="visually-hidden" aria-live="polite">
        {title()}
      </p>
      <main id="content" tabIndex={-1} ref={content}>
        <StallNotice />
        <StorageNotice />
        <ReadPauseNotice />
        <ErrorBoundary
          fallback={(error, reset) => <Failed error={error} reset={reset} isPolling={live() === 'polling'} />}
        >
          <Suspense fallback={<Skeleton rows={5} height="row" />}>{props.children}</Suspense>
        </ErrorBoundary>
      </main>
    </div>
  );
};

/** A page that broke, or did not load: then it is loaded again as soon as there is a connection. */
const Failed = (props: { error: unknown; reset: () => void; isPolling: boolean }) => {
  // A module that failed to load is not asked for again by the same document.
  const again = () => (isUnloaded(props.error) ? window.location.reload() : props.reset());
  const onOnline = () => isUnloaded(props.error) && window.location.reload();
  window.addEventListener('online', onOnline);
  onCleanup(() => window.removeEventListener('online', onOnline));
  createEffect(
    on(
      () => props.isPolling,
      (isPolling, before) => before && !isPolling && onOnline(),
    ),
  );
  return <ProblemMessage error={props.error} retry={again} />;
};
