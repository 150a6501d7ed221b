import type { SubForum } from '@plenary/contracts';

/** What is changed on the page of a sub-forum, as it stands in the form. */
export interface Draft {
  noLimit: boolean;
  capacity: string;
  /** Empty: as many as the capacity. */
  roomCap: string;
  walkIn: SubForum['walkIn'];
  reEntry: boolean;
  open: boolean;
  /** Empty: never. */
  noShowMinutes: string;
}
export type Change = Partial<
  Pick<SubForum, 'capacity' | 'roomCap' | 'walkIn' | 'reEntry' | 'releaseNoShowsAfterMinutes'>
> & { state?: 'scheduled' | 'closed' };
export type Field = keyof Change;

const text = (value: number | null): string => (value === null ? '' : String(value));

export function draftOf(subForum: SubForum): Draft {
  return {
    noLimit: subForum.capacity === null,
    capacity: text(subForum.capacity),
    roomCap: text(subForum.roomCap),
    walkIn: subForum.walkIn,
    reEntry: subForum.reEntry,
    open: subForum.state !== 'closed',
    noShowMinutes: text(subForum.releaseNoShowsAfterMinutes),
  };
}

/** A whole number of people or minutes; `null` for nothing, `undefined` for what is no such number. */
function number(value: string, most: number): number | null | undefined {
  const trimmed = value.trim();
  if (trimmed === '') return null;
  const parsed = Number(trimmed);
  return /^\d+$/.test(trimmed) && parsed <= most ? parsed : undefined;
}

/** The fields that differ from what is stored, and those that cannot be sent as they are. */
export function changeOf(draft: Draft, stored: SubForum): { change: Change; wrong: Field[] } {
  const capacity = draft.noLimit ? null : number(draft.capacity, 1_000_000);
  const wished = {
    // Without a limit is a box of its own: an empty field is no answer.
    capacity: capacity === null && !draft.noLimit ? undefined : capacity,
    roomCap: number(draft.roomCap, 1_000_000),
    walkIn: draft.walkIn,
    reEntry: draft.reEntry,
    state: draft.open ? ('scheduled' as const) : ('closed' as const),
    releaseNoShowsAfterMinutes: number(draft.noShowMinutes, 1440),
  };
  const fields = Object.keys(wished) as Field[];
  const wrong = fields.filter((field) => wished[field] === undefined);
  const differing = fields.filter((field) => !wrong.includes(field) && wished[field] !== stored[field]);
  return { change: Object.fromEntries(differing.map((field) => [field, wished[field]])), wrong };
}

/** What somebody else has changed meanwhile, of the fields on this page. */
export function changedMeanwhile(before: SubForum, now: SubForum): Field[] {
  const fields: Field[] = ['capacity', 'roomCap', 'walkIn', 'reEntry', 'state', 'releaseNoShowsAfterMinutes'];
  return fields.filter((field) => before[field] !== now[field]);
}

/** Whoever reads the newest values sees their own changes on top of them, and the rest as it is now. */
export function carriedOver(draft: Draft, before: SubForum, now: SubForum): Draft {
  const old = draftOf(before);
  const fresh = draftOf(now);
  const own = (Object.keys(draft) as (keyof Draft)[]).filter((field) => draft[field] !== old[field]);
  return { ...fresh, ...Object.fromEntries(own.map((field) => [field, draft[field]])) };
}
