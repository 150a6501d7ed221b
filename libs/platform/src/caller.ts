import type { Grant, Role } from '@plenary/contracts';
import { Problem } from './problem';

/** Who calls, once the credentials were checked. */
export type Caller =
  | { kind: 'anonymous'; address: string }
  | { kind: 'staff'; id: string; admin: boolean; grants: Grant[] }
  | { kind: 'device'; id: string; conferenceId: string }
  | { kind: 'delegate'; registrationId: string; conferenceId: string }
  | { kind: 'leader'; delegationId: string; conferenceId: string }
  /** A screen on the wall; `id` is its link's. */
  | { kind: 'wall'; id: string; conferenceId: string };

export interface Scope {
  conferenceId: string;
  subForumId?: string | undefined;
}

/** Tells the current generation of a link; older links are dead. */
export abstract class LinkGenerations {
  /** undefined: not known (yet). */
  abstract current(
    kind: 'delegate' | 'leader',
    id: string,
  ): Promise<{ generation: number; conferenceId: string } | undefined>;
}

/** Tells what a service knows of a door device. */
export abstract class KnownDevices {
  /** undefined: not known (yet): the guard waits up to 2 s for it. */
  abstract find(
    id: string,
  ): Promise<{ conferenceId: string; state: 'pending' | 'enrolled' | 'revoked'; tokenGeneration: number } | undefined>;
}

/** Finds the wall link that a token belongs to. */
export abstract class WallLinks {
  /** undefined: there is none (any more). */
  abstract find(token: string): Promise<{ id: string; conferenceId: string } | undefined>;
}

/**
 * Demands that the caller has one of the roles in this conference (a co-host: for this sub-forum).
 * Organiser covers all staff roles, admin is organiser everywhere. No role there at all: 404; another role: 403 `role_required`.
 * A device counts as `door` in its conference, a delegate, leader or wall as such in theirs.
 */
export function authorise(caller: Caller, roles: readonly Role[], scope: Scope): void {
  if (roles.some((role) => holds(caller, role, scope))) return;
  if (caller.kind === 'anonymous') throw credentialsMissing();
  throw isAtHome(caller, scope.conferenceId) ? roleRequired() : Problem.notFound('resource');
}

/** Has the caller this role there? For answers that differ by role. */
export function holds(caller: Caller, role: Role, scope: Scope): boolean {
  switch (role) {
    case 'anyone':
      return true;
    case 'door':
      return caller.kind === 'device' && caller.conferenceId === scope.conferenceId;
    case 'delegate':
    case 'leader':
    case 'wall':
      return caller.kind === role && caller.conferenceId === scope.conferenceId;
    case 'admin':
      return caller.kind === 'staff' && caller.admin;
    default:
      return caller.kind === 'staff' && (caller.admin || caller.grants.some((grant) => grants(grant, role, scope)));
  }
}

function grants(grant: Grant, role: Role, scope: Scope): boolean {
  if (grant.conferenceId !== scope.conferenceId) return false;
  if (grant.role === 'organiser') return true;
  if (grant.role !== role) return false;
  // Without a sub-forum in question a co-host is one of the conference: what it sees is narrowed by the service.
  return role !== 'cohost' || scope.subForumId === undefined || grant.subForumIds.includes(scope.subForumId);
}

function isAtHome(caller: Exclude<Caller, { kind: 'anonymous' }>, conferenceId: string): boolean {
  if (caller.kind !== 'staff') return caller.conferenceId === conferenceId;
  return caller.admin || caller.grants.some((grant) => grant.conferenceId === conferenceId);
}

/** Could this caller have one of the roles somewhere? The guard asks before a conference is known. */
export function mayHold(caller: Caller, roles: readonly Role[]): boolean {
  return roles.some((role) => {
    switch (role) {
      case 'anyone':
        return true;
      case 'door':
        return caller.kind === 'device';
      case 'delegate':
      case 'leader':
      case 'wall':
        return caller.kind === role;
      case 'admin':
        return caller.kind === 'staff' && caller.admin;
      default:
        return (
          caller.kind === 'staff' &&
          (caller.admin || caller.grants.some((grant) => grant.role === 'organiser' || grant.role === role))
        );
    }
  });
}

/** Names a caller in scopes of idempotency and rates; ids only. */
export function callerKey(caller: Caller): string {
  switch (caller.kind) {
    case 'anonymous':
      return 'anonymous';
    case 'delegate':
      return `delegate/${caller.registrationId}`;
    case 'leader':
      return `leader/${caller.delegationId}`;
    default:
      return `${caller.kind}/${caller.id}`;
  }
}

export function credentialsMissing(): Problem {
  return new Problem(401, 'credentials_missing', 'This needs a sign-in. Send `Authorization: Bearer …`.');
}
export function credentialsInvalid(): Problem {
  return new Problem(401, 'credentials_invalid', 'These credentials are not valid (any more). Sign in again.');
}
export function roleRequired(): Problem {
  return new Problem(403, 'role_required', 'You are signed in, but not in a role that may do this. Ask the organiser.');
}
