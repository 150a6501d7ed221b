import type { Role } from '@plenary/contracts';
import { authorise, type Caller, mayHold } from './caller';

const here = 'here';
const there = 'there';
const staff = (role: 'organiser' | 'cohost' | 'supervisor' | 'desk', subForumIds: string[] = []): Caller => ({
  kind: 'staff',
  id: 's',
  admin: false,
  grants: [{ conferenceId: here, role, subForumIds }],
});
const admin: Caller = { kind: 'staff', id: 'a', admin: true, grants: [] };
const device: Caller = { kind: 'device', id: 'd', conferenceId: here };
const delegate: Caller = { kind: 'delegate', registrationId: 'r', conferenceId: here };
const wall: Caller = { kind: 'wall', id: 'w', conferenceId: here };
const anonymous: Caller = { kind: 'anonymous', address: '::1' };

/** 200 where the caller may, else the status that it gets. */
function outcome(caller: Caller, roles: Role[], scope: { conferenceId: string; subForumId?: string }): number {
  try {
    authorise(caller, roles, scope);
    return 200;
  } catch (error) {
    return (error as { status: number }).status;
  }
}

describe('authorise', () => {
  it.each<[string, Caller, Role[], { conferenceId: string; subForumId?: string }, number]>([
    ['organiser does all of staff', staff('organiser'), ['desk'], { conferenceId: here }, 200],
    ['organiser is no admin', staff('organiser'), ['admin'], { conferenceId: here }, 403],
    ['organiser of another conference', staff('organiser'), ['organiser'], { conferenceId: there }, 404],
    ['admin everywhere', admin, ['organiser'], { conferenceId: there }, 200],
    ['admin is no door', admin, ['door'], { conferenceId: here }, 403],
    ['desk is not organiser', staff('desk'), ['organiser'], { conferenceId: here }, 403],
    ['co-host of its own', staff('cohost', ['x']), ['cohost'], { conferenceId: here, subForumId: 'x' }, 200],
    ['co-host of another', staff('cohost', ['x']), ['cohost'], { conferenceId: here, subForumId: 'y' }, 403],
    ['co-host where none is in question', staff('cohost', ['x']), ['cohost'], { conferenceId: here }, 200],
    ['door of its conference', device, ['door'], { conferenceId: here }, 200],
    ['door of another', device, ['door'], { conferenceId: there }, 404],
    ['door where staff is asked for', device, ['desk'], { conferenceId: here }, 403],
    ['delegate', delegate, ['delegate'], { conferenceId: here }, 200],
    ['delegate is no leader', delegate, ['leader'], { conferenceId: here }, 403],
    ['wall', wall, ['wall'], { conferenceId: here }, 200],
    ['wall of another conference', wall, ['wall'], { conferenceId: there }, 404],
    ['wall where staff is asked for', wall, ['organiser', 'door'], { conferenceId: here }, 403],
    ['organiser is no wall', staff('organiser'), ['wall'], { conferenceId: here }, 403],
    ['admin is no wall', admin, ['wall'], { conferenceId: here }, 403],
    ['nobody', anonymous, ['desk'], { conferenceId: here }, 401],
    ['anyone', anonymous, ['anyone'], { conferenceId: here }, 200],
  ])('%s', (_, caller, roles, scope, status) => {
    expect(outcome(caller, roles, scope)).toBe(status);
    // The guard's coarse check never refuses what the service would grant.
    if (status === 200) expect(mayHold(caller, roles)).toBe(true);
  });

  it('the guard takes nobody of staff for a wall', () => {
    for (const caller of [admin, staff('organiser'), device, delegate]) expect(mayHold(caller, ['wall'])).toBe(false);
  });
});
