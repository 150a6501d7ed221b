import type { Gate, GateState } from '@plenary/contracts';

export interface GateRow {
  gateId: string;
  conferenceId: string;
  subForumId: string | null;
  name: string;
  direction: Gate['direction'];
  open: boolean;
  opensBeforeMinutes: number;
  closesAfterMinutes: number;
  opensAt: string | null;
  closesAt: string | null;
  reEntry: boolean;
  categories: string[];
  missedExit: boolean;
  rosterMaxAgeMinutes: number;
  version: number;
}

/** Column of each setting that can be changed. */
export const settingColumns = {
  name: 'name',
  direction: 'direction',
  open: 'open',
  opensBeforeMinutes: 'opens_before_minutes',
  closesAfterMinutes: 'closes_after_minutes',
  opensAt: 'opens_at',
  closesAt: 'closes_at',
  reEntry: 're_entry',
  categories: 'categories',
  missedExit: 'missed_exit',
  rosterMaxAgeMinutes: 'roster_max_age_minutes',
} as const satisfies Partial<Record<keyof GateRow, string>>;

/** Everything of a gate, for SELECT and RETURNING. */
export const gateColumns = [
  'gate_id AS "gateId", conference_id AS "conferenceId", sub_forum_id AS "subForumId", version',
  ...Object.entries(settingColumns).map(([name, column]) => `${column} AS "${name}"`),
].join(', ');

export function gateOf({ gateId, version: _, ...settings }: GateRow): Gate {
  return { id: gateId, ...settings };
}

export function stateOf(row: GateRow, at: Date): GateState {
  return { ...row, at: at.toISOString() };
}
