import type { Conference, SubForumCard } from '@plenary/contracts';
import { dayAt } from '../../shell/venue-time';

/** The days on which sub-forums start, at the venue, in order. */
export function daysOf(subForums: readonly SubForumCard[], timeZone: string): string[] {
  return [...new Set(subForums.map((one) => dayAt(one.startsAt, timeZone)))].sort();
}

/** The day to open first: the wished one, else the one whose sub-forums still run at `now`, else the first. */
export function openingDay(
  days: readonly string[],
  wished: string | null,
  subForums: readonly SubForumCard[],
  timeZone: string,
  now: number,
): string | undefined {
  if (wished && days.includes(wished)) return wished;
  const today = dayAt(now, timeZone);
  const running = subForums.find(
    (one) => Date.parse(one.startsAt) <= now && now < Date.parse(one.endsAt) && dayAt(one.startsAt, timeZone) <= today,
  );
  const current = days.includes(today) ? today : running && dayAt(running.startsAt, timeZone);
  return current ?? days[0];
}

export type Break = Conference['breaks'][number];

/** What starts at the same time, or a break, in order. */
export type Group =
  | { kind: 'sub-forums'; startsAt: string; subForums: SubForumCard[] }
  | { kind: 'break'; startsAt: string; pause: Break };

/** Sub-forums of one day by start, with the breaks that lie between the first start and the last end. */
export function groupsOf(subForums: readonly SubForumCard[], breaks: readonly Break[]): Group[] {
  const groups = new Map<number, SubForumCard[]>();
  let until = 0;
  for (const one of subForums) {
    const start = Date.parse(one.startsAt);
    groups.set(start, [...(groups.get(start) ?? []), one]);
    until = Math.max(until, Date.parse(one.endsAt));
  }
  const first = Math.min(...groups.keys());
  const found: Group[] = [...groups.values()].map((together) => ({
    kind: 'sub-forums',
    startsAt: (together[0] as SubForumCard).startsAt,
    subForums: together,
  }));
  for (const pause of breaks) {
    const start = Date.parse(pause.startsAt);
    if (start >= first && start < until) found.push({ kind: 'break', startsAt: pause.startsAt, pause });
  }
  // A break comes before what starts with it: it is what one does not want to miss.
  const order = (group: Group) => Date.parse(group.startsAt) * 2 + (group.kind === 'break' ? 0 : 1);
  return found.sort((one, other) => order(one) - order(other));
}
