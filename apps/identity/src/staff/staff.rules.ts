import type { Grant, StaffRole } from '@plenary/contracts';

export interface RoleWish {
  role: StaffRole;
  subForumIds: string[];
}
export interface RoleError {
  path: string;
  code: 'role_twice' | 'sub_forums_required' | 'sub_forums_not_allowed';
  message: string;
}

/** A co-host's role is for named sub-forums, every other for the whole conference; each role is named once. */
export function checkRoles(roles: readonly RoleWish[]): RoleError[] {
  return roles.flatMap(({ role, subForumIds }, index): RoleError[] => {
    const path = `roles.${index}`;
    if (roles.findIndex((other) => other.role === role) < index) {
      return [{ path, code: 'role_twice', message: `${role} is named twice` }];
    }
    if (role === 'cohost' && subForumIds.length === 0) {
      return [{ path: `${path}.subForumIds`, code: 'sub_forums_required', message: 'a co-host needs sub-forums' }];
    }
    if (role !== 'cohost' && subForumIds.length > 0) {
      return [
        { path: `${path}.subForumIds`, code: 'sub_forums_not_allowed', message: 'only a co-host has sub-forums' },
      ];
    }
    return [];
  });
}

/** Roles added to those held: a co-host's sub-forums are united. */
export function withRoles(held: readonly RoleWish[], added: readonly RoleWish[]): RoleWish[] {
  const all = new Map<StaffRole, Set<string>>();
  for (const { role, subForumIds } of [...held, ...added]) {
    all.set(role, new Set([...(all.get(role) ?? []), ...subForumIds]));
  }
  return [...all].map(([role, subForumIds]) => ({ role, subForumIds: [...subForumIds] }));
}

/**
 * Whose account may an organiser rename, disable or reset? Only one that has no say anywhere else: whoever sets
 * another's password takes over all that the other may do.
 */
export function isWhollyOwn(
  account: { admin: boolean; grants: readonly Pick<Grant, 'conferenceId'>[] },
  organiserOf: ReadonlySet<string>,
): boolean {
  return !account.admin && account.grants.every((grant) => organiserOf.has(grant.conferenceId));
}
