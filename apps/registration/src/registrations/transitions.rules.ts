import { Problem } from '@plenary/platform';
import type { Status } from './registration';

export type Act = 'approve' | 'decline' | 'reset' | 'cancel' | 'reinstate';

/** From which states an act leads where; `before`: to the state before it was cancelled. */
const transitions: Record<Act, { from: readonly Status[]; to: Status | 'before' }> = {
  approve: { from: ['pending', 'declined'], to: 'approved' },
  decline: { from: ['pending', 'approved'], to: 'declined' },
  reset: { from: ['approved', 'declined'], to: 'pending' },
  cancel: { from: ['pending', 'approved'], to: 'cancelled' },
  reinstate: { from: ['cancelled'], to: 'before' },
};

export interface Standing {
  readonly status: Status;
  /** Set while cancelled only. */
  readonly statusBefore: 'pending' | 'approved' | null;
}

/** Where an act leads. 409 `transition_not_allowed` where it does not apply. */
export function transition(act: Act, standing: Standing): Standing {
  const { from, to } = transitions[act];
  if (!from.includes(standing.status)) {
    throw new Problem(
      409,
      'transition_not_allowed',
      `This registration is ${standing.status}: “${act}” applies to ${from.join(' or ')}. Read it again.`,
    );
  }
  if (to === 'before') return { status: standing.statusBefore ?? 'pending', statusBefore: null };
  if (to === 'cancelled') return { status: to, statusBefore: standing.status as 'pending' | 'approved' };
  return { status: to, statusBefore: null };
}
