import type { Registration } from '@plenary/contracts';

export type Status = Registration['status'];
export type Act = 'approve' | 'decline' | 'reset' | 'cancel' | 'reinstate';

/** From which states an act leads, as the API has it; `approve` first, since it is wanted most. */
const from: Record<Act, readonly Status[]> = {
  approve: ['pending', 'declined'],
  decline: ['pending', 'approved'],
  reset: ['approved', 'declined'],
  cancel: ['pending', 'approved'],
  reinstate: ['cancelled'],
};

/** Acts on many at once: those that lead to one known state. */
export const bulkActs = ['approve', 'decline', 'reset'] as const satisfies readonly Act[];

/** Whether a registration in this state can be acted on so. */
export const appliesTo = (act: Act, status: Status): boolean => from[act].includes(status);

/** What can be done with a registration in this state. */
export const actsFor = (status: Status): Act[] => (Object.keys(from) as Act[]).filter((act) => appliesTo(act, status));

/** Whether the act is done: where a registration stands after it. */
export function isDone(act: Act, status: Status): boolean {
  switch (act) {
    case 'approve':
      return status === 'approved';
    case 'decline':
      return status === 'declined';
    case 'reset':
      return status === 'pending';
    case 'cancel':
      return status === 'cancelled';
    case 'reinstate':
      return status !== 'cancelled';
  }
}
