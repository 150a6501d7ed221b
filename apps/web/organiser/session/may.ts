import type { AnswerOf, Grant, Role, routes } from '@plenary/contracts';

export type Me = AnswerOf<typeof routes.whoAmI>;

/**
 * Whether a member of staff may call a route, by the contract's own list of roles. A co-host's role is for its sub-forums:
 * without `subForumId` it is enough to have one.
 */
export function may(
  who: readonly Role[],
  me: Pick<Me, 'admin' | 'grants'>,
  conferenceId: string | undefined,
  subForumId?: string,
): boolean {
  if (who.includes('anyone')) return true;
  // An organiser has every staff role of the conference, an admin is organiser everywhere.
  const forStaff = staffRoles.some((role) => who.includes(role));
  if (me.admin && (who.includes('admin') || forStaff)) return true;
  return me.grants.some(
    (grant) =>
      grant.conferenceId === conferenceId &&
      (grant.role === 'organiser' ? forStaff : who.includes(grant.role) && covers(grant, subForumId)),
  );
}

const staffRoles = ['organiser', 'cohost', 'supervisor', 'desk'] as const;

const covers = ({ role, subForumIds }: Grant, subForumId: string | undefined): boolean =>
  role !== 'cohost' || (subForumId === undefined ? subForumIds.length > 0 : subForumIds.includes(subForumId));

/** The sub-forums that alone are somebody's: `undefined` for those who see all. */
export function ownSubForums(me: Pick<Me, 'admin' | 'grants'>, conferenceId: string): ReadonlySet<string> | undefined {
  const here = me.grants.filter((grant) => grant.conferenceId === conferenceId);
  if (me.admin || here.some(({ role }) => role !== 'cohost')) return undefined;
  return new Set(here.flatMap(({ subForumIds }) => subForumIds));
}
