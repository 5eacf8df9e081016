import * as AlertDialog from '@kobalte/core/alert-dialog';
import { type JSX, onCleanup, Show } from 'solid-js';
import type { Problem } from '../lib/problem.ts';
import { ProblemMessage } from './ProblemMessage.tsx';
import { opener } from './primitives/opener.ts';

/** Asks before something is lost; the focus returns to where it was, if that still exists. Loaded when it is first needed. */
export default function ConfirmDialog(props: {
  title: string;
  confirm: string;
  children: JSX.Element;
  pending: boolean;
  problem: Problem | null;
  onConfirm: () => void;
  onClose: () => void;
}) {
  const before = opener();
  onCleanup(() => setTimeout(() => before?.isConnected && before.focus()));
  return (
    <AlertDialog.Root open onOpenChange={(open) => !open && props.onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay class="overlay" />
        <AlertDialog.Content class="dialog">
          <AlertDialog.Title class="dialog-title">{props.title}</AlertDialog.Title>
          <AlertDialog.Description class="dialog-text">{props.children}</AlertDialog.Description>
          <Show when={props.problem}>{(problem) => <ProblemMessage error={problem()} />}</Show>
          <div class="dialog-actions">
            <AlertDialog.CloseButton class="button" aria-label="Cancel">
              Cancel
            </AlertDialog.CloseButton>
            <button type="button" class="button danger" disabled={props.pending} onClick={() => props.onConfirm()}>
              {props.pending ? 'One moment…' : props.confirm}
            </button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
