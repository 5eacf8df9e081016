import { createEffect } from 'solid-js';
import { renderMarkdown } from '../lib/markdown.ts';

/** Markdown that a person wrote. Loaded when it is first needed. */
export default function Markdown(props: { text: string }) {
  let container: HTMLDivElement | undefined;
  createEffect(() => {
    if (!container) return;
    container.innerHTML = renderMarkdown(props.text);
    for (const link of container.querySelectorAll('a')) tame(link);
  });
  return <div class="markdown" ref={container} />;
}

/** Opens elsewhere, so that nothing half-written is left; one whose address was dropped leads nowhere. */
const tame = (link: HTMLAnchorElement) => {
  if (!link.getAttribute('href')) return link.removeAttribute('href');
  link.target = '_blank';
  link.rel = 'noopener noreferrer nofollow';
};
