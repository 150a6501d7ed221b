import type { Registration } from '@plenary/contracts';

type Held = Registration['choices'][number];

/** What somebody who amends wants to have in the end: sub-forums in order, and which confirmed seat each gives up when it succeeds. */
export interface Wishes {
  chosen: readonly string[];
  /** New sub-forum -> the confirmed seat that stays until the new one is confirmed. */
  replaces: Readonly<Record<string, string>>;
}

const ACTIVE: readonly Held['state'][] = ['awaiting_approval', 'pending', 'confirmed', 'waitlisted'];
export const isActive = (choice: Held): boolean => ACTIVE.includes(choice.state);

/** What is held, as wishes: nothing would change. */
export function wishesOf(held: readonly Held[]): Wishes {
  const active = held.filter(isActive);
  const replaces: Record<string, string> = {};
  for (const { subForumId, replaces: old } of active) if (old) replaces[subForumId] = old;
  const givenUp = Object.values(replaces);
  return { chosen: active.map((one) => one.subForumId).filter((id) => !givenUp.includes(id)), replaces };
}

export function choose({ chosen, replaces }: Wishes, id: string): Wishes {
  return { chosen: chosen.includes(id) ? chosen : [...chosen, id], replaces };
}

/** Without `id`. What it would have replaced is kept after all. */
export function drop({ chosen, replaces }: Wishes, id: string): Wishes {
  const { [id]: kept, ...others } = replaces;
  const left = chosen.filter((one) => one !== id);
  return { chosen: kept && !left.includes(kept) ? [...left, kept] : left, replaces: others };
}

/**
 * `next` in the place of `old`. A confirmed seat among them stays until `next` is confirmed (one seat only, as one wish replaces
 * one; the others are given up); a wish that would have replaced a seat passes that on.
 */
export function swap(
  { chosen, replaces }: Wishes,
  old: readonly string[],
  next: string,
  held: readonly Held[],
): Wishes {
  const confirmed = (id: string) => held.some((one) => one.subForumId === id && one.state === 'confirmed');
  const others = Object.fromEntries(Object.entries(replaces).filter(([id]) => !old.includes(id)));
  const seat = old.find(confirmed) ?? old.map((id) => replaces[id]).find((id) => id !== undefined);
  const left = chosen.filter((id) => !old.includes(id) && id !== next);
  const takes = seat !== undefined && seat !== next && !confirmed(next);
  return { chosen: [...left, next], replaces: takes ? { ...others, [next]: seat } : others };
}

/** What would be given up at once by saving. */
export function dropsOf({ chosen, replaces }: Wishes, held: readonly Held[]): Held[] {
  const kept = new Set([...chosen, ...Object.values(replaces)]);
  return held.filter((one) => isActive(one) && !kept.has(one.subForumId));
}

/** The list as it is sent. */
export function asSent({ chosen, replaces }: Wishes): { subForumId: string; replaces?: string }[] {
  return chosen.map((subForumId) => {
    const old = replaces[subForumId];
    return old ? { subForumId, replaces: old } : { subForumId };
  });
}
