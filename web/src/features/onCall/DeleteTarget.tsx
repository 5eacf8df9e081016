import { useQueryClient } from '@tanstack/solid-query';
import { lazy, Suspense } from 'solid-js';
import type { Target } from '../../../../worker/domain/escalation/escalationPolicy.ts';
import { createAction } from '../../ui/primitives/createAction.ts';
import { refetchAlerting } from '../channels/queries.ts';
import { PolicyLosses } from '../escalation/PolicyLosses.tsx';

const ConfirmDialog = lazy(() => import('../../ui/ConfirmDialog.tsx'));

/** Confirms the deletion of a person or a schedule, and lists the steps and policies that lose it. */
export const DeleteTarget = (props: {
  target: Target;
  name: string;
  button: string;
  text: string;
  remove: (id: string) => Promise<unknown>;
  onClose: () => void;
  onDeleted?: () => void;
}) => {
  const client = useQueryClient();
  const remove = createAction(async (id: string) => {
    await props.remove(id);
    props.onClose();
    props.onDeleted?.();
    await refetchAlerting(client);
  });
  return (
    <Suspense>
      <ConfirmDialog
        title={`Delete “${props.name}”?`}
        confirm={props.button}
        pending={remove.pending()}
        problem={remove.problem()}
        onConfirm={() => void remove.run(props.target.id)}
        onClose={props.onClose}
      >
        {props.text}
        <PolicyLosses target={props.target} />
      </ConfirmDialog>
    </Suspense>
  );
};
