import { routes, type StaffRole } from '@plenary/contracts';
import { may, ownSubForums } from './may';

const conference = '01a20df1-0000-7000-8000-000000000001';
const other = '01a20df1-0000-7000-8000-000000000002';
const own = '01a20df1-0000-7000-8000-00000000000a';
const grant = (role: StaffRole, subForumIds: string[] = []) => ({
  conferenceId: conference,
  role,
  subForumIds,
  slug: 'c',
});
const somebody = (role: StaffRole, subForumIds?: string[]) => ({ admin: false, grants: [grant(role, subForumIds)] });
const admin = { admin: true, grants: [] };

it.each([
  ['organiser', 'createWallLink', true],
  ['organiser', 'createConference', false],
  ['supervisor', 'watchAttendance', true],
  ['supervisor', 'changeSubForum', false],
  ['supervisor', 'listConflicts', true],
  ['desk', 'watchAttendance', false],
  ['desk', 'listRegistrations', true],
  ['desk', 'listDevices', false],
  ['cohost', 'listRegistrations', false],
  ['desk', 'getSubForum', true],
] as const)('%s, %s: %s', (role, action, expected) => {
  expect(may(routes[action].who, somebody(role), conference)).toBe(expected);
});

it('a role counts in its own conference alone', () => {
  expect(may(routes.watchAttendance.who, somebody('organiser'), other)).toBe(false);
  expect(may(routes.watchAttendance.who, somebody('organiser'), undefined)).toBe(false);
});

it('an admin is organiser of all', () => {
  expect(may(routes.changeSubForum.who, admin, other, own)).toBe(true);
  expect(may(routes.createConference.who, admin, undefined)).toBe(true);
  expect(may(routes.getOwnRegistration.who, admin, conference)).toBe(false);
});

it('a co-host has its own sub-forums', () => {
  const cohost = somebody('cohost', [own]);
  expect(may(routes.changeSubForum.who, cohost, conference, own)).toBe(true);
  expect(may(routes.changeSubForum.who, cohost, conference, other)).toBe(false);
  expect(may(routes.changeSubForum.who, cohost, conference)).toBe(true);
  expect(may(routes.changeSubForum.who, somebody('cohost', []), conference)).toBe(false);
  expect(ownSubForums(cohost, conference)).toEqual(new Set([own]));
});

it('everybody else sees all of them', () => {
  const both = { admin: false, grants: [grant('cohost', [own]), grant('supervisor')] };
  expect(ownSubForums(both, conference)).toBeUndefined();
  expect(ownSubForums(admin, conference)).toBeUndefined();
});
