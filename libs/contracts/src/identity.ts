import { z } from 'zod';
import { flag, id, instant, line, page, pageQuery, prose, slug, version } from './common';
import { defineEvent } from './event';
import { defineRoute } from './route';
import { topics } from './topics';

export const staffRole = z.enum(['organiser', 'cohost', 'supervisor', 'desk']);
export type StaffRole = z.output<typeof staffRole>;
/** A role in one conference; a co-host's is for the named sub-forums. */
export const grant = z.object({
  conferenceId: id,
  role: staffRole,
  subForumIds: z.array(id).max(200),
});
export type Grant = z.output<typeof grant>;

/** What a device may stand at: the venue's gates, all gates of these rooms, and single gates. */
export const bindings = z.strictObject({
  venue: z.boolean().default(false),
  rooms: z.array(line(120)).max(100).default([]),
  gateIds: z.array(id).max(200).default([]),
});
export type Bindings = z.output<typeof bindings>;

const deviceState = z.object({
  version,
  deviceId: id,
  conferenceId: id,
  name: z.string(),
  state: z.enum(['pending', 'enrolled', 'revoked']),
  /** Device tokens of a lower generation are dead. */
  tokenGeneration: z.int().min(0),
  bindings,
  /** When this state began: late scans are judged by the bindings of their own time. */
  at: instant,
});
export type DeviceState = z.output<typeof deviceState>;
const staffState = z.object({
  version,
  staffId: id,
  name: z.string(),
  admin: z.boolean(),
  disabled: z.boolean(),
  grants: z.array(grant),
  at: instant,
});
export type StaffState = z.output<typeof staffState>;

const deviceKey = { topic: topics.access, body: deviceState, key: byDevice, subject: byDevice } as const;
export const deviceEnrolled = defineEvent({ type: 'device.enrolled.v1', ...deviceKey });
export const deviceChanged = defineEvent({ type: 'device.changed.v1', ...deviceKey });
export const deviceRevoked = defineEvent({ type: 'device.revoked.v1', ...deviceKey });
export const deviceSnapshot = defineEvent({ type: 'device.snapshot.v1', ...deviceKey });
const staffKey = { topic: topics.access, body: staffState, key: byStaff, subject: byStaff } as const;
export const staffChanged = defineEvent({ type: 'staff.changed.v1', ...staffKey });
export const staffDisabled = defineEvent({ type: 'staff.disabled.v1', ...staffKey });
export const staffSnapshot = defineEvent({ type: 'staff.snapshot.v1', ...staffKey });

function byDevice(body: { deviceId: string }): string {
  return body.deviceId;
}
function byStaff(body: { staffId: string }): string {
  return body.staffId;
}

export const auditActor = z.object({
  kind: z.enum(['staff', 'device', 'delegate', 'leader', 'system']),
  id: id.nullable(),
});
const auditRecord = z.object({
  version,
  auditId: id,
  /** null for what belongs to no conference. */
  conferenceId: id.nullable(),
  actor: auditActor,
  /** `sub_forum.change`, `registration.approve`, `badge.revoke`, … */
  action: z.string().max(64),
  target: z.object({ kind: z.string().max(32), id: z.string().max(80) }),
  /** Free text stands in a deletable table of the identity service. */
  reason: z.string().max(500).nullable(),
  /** Codes, ids and numbers; no personal data. */
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  at: instant,
});
export type AuditRecord = z.output<typeof auditRecord>;
export const auditRecorded = defineEvent({
  type: 'audit.recorded.v1',
  topic: topics.audit,
  body: auditRecord,
  key: (body) => body.conferenceId ?? 'none',
  subject: (body) => body.auditId,
});

const service = 'identity';
const email = z.email().max(254);
const password = z.string().min(10).max(200);

export const staffMember = z.object({
  id,
  name: z.string(),
  email: z.string(),
  admin: z.boolean(),
  disabled: z.boolean(),
  roles: z.array(z.object({ role: staffRole, subForumIds: z.array(id) })),
});
export const device = z.object({
  id,
  conferenceId: id,
  name: z.string(),
  state: z.enum(['pending', 'enrolled', 'revoked']),
  bindings,
  enrolledAt: instant.nullable(),
});
export const tokens = z.object({ accessToken: z.string(), expiresAt: instant });
const rolesInput = z
  .array(z.strictObject({ role: staffRole, subForumIds: z.array(id).max(200).default([]) }))
  .min(1)
  .max(8);

export const identityRoutes = {
  signIn: defineRoute({
    id: 'signIn',
    service,
    method: 'POST',
    path: '/auth/sign-in',
    status: 200,
    who: ['anyone'],
    summary: 'Staff sign-in; sets the refresh cookie.',
    limit: { max: 30, perSeconds: 60 },
    body: z.strictObject({ email, password: z.string().min(1).max(200) }),
    answer: tokens,
  }),
  refresh: defineRoute({
    id: 'refresh',
    service,
    method: 'POST',
    path: '/auth/refresh',
    status: 200,
    who: ['anyone'],
    summary: 'A new access token by the refresh cookie, which is rotated.',
    limit: { max: 120, perSeconds: 60 },
    answer: tokens,
  }),
  signOut: defineRoute({
    id: 'signOut',
    service,
    method: 'POST',
    path: '/auth/sign-out',
    who: ['anyone'],
    summary: 'Ends the session.',
  }),
  setPassword: defineRoute({
    id: 'setPassword',
    service,
    method: 'POST',
    path: '/auth/password',
    who: ['anyone'],
    summary: 'Sets a password: by a one-time link, or signed in with the current one.',
    limit: { max: 30, perSeconds: 60 },
    body: z.union([
      z.strictObject({ link: z.string().max(200), password }),
      z.strictObject({ currentPassword: z.string().max(200), password }),
    ]),
  }),
  whoAmI: defineRoute({
    id: 'whoAmI',
    service,
    method: 'GET',
    path: '/auth/me',
    who: ['organiser', 'cohost', 'supervisor', 'desk', 'admin'],
    summary: 'The signed-in member of staff.',
    answer: z.object({
      id,
      name: z.string(),
      email: z.string(),
      admin: z.boolean(),
      grants: z.array(grant.extend({ slug: z.string().nullable() })),
    }),
  }),
  listStaff: defineRoute({
    id: 'listStaff',
    service,
    method: 'GET',
    path: '/conferences/{slug}/staff',
    params: { slug },
    who: ['organiser'],
    summary: 'Staff of a conference.',
    query: z.strictObject(pageQuery),
    answer: page(staffMember),
  }),
  createStaff: defineRoute({
    id: 'createStaff',
    service,
    method: 'POST',
    path: '/conferences/{slug}/staff',
    params: { slug },
    who: ['organiser'],
    summary: 'Adds a member of staff, or roles to one who exists; a new one gets a one-time link to set a password.',
    idempotent: true,
    body: z.strictObject({ name: line(200), email, roles: rolesInput }),
    answer: staffMember.extend({ link: z.string().nullable() }),
  }),
  changeStaff: defineRoute({
    id: 'changeStaff',
    service,
    method: 'PATCH',
    path: '/conferences/{slug}/staff/{id}',
    params: { slug },
    who: ['organiser'],
    summary: 'Changes name or roles here, or disables.',
    body: z.strictObject({
      name: line(200).optional(),
      roles: rolesInput.or(z.array(z.never()).max(0)).optional(),
      disabled: z.boolean().optional(),
    }),
    answer: staffMember,
  }),
  resetStaff: defineRoute({
    id: 'resetStaff',
    service,
    method: 'POST',
    path: '/conferences/{slug}/staff/{id}/reset',
    params: { slug },
    who: ['organiser'],
    summary: 'A one-time link to set a new password.',
    status: 200,
    answer: z.object({ link: z.string() }),
  }),
  listDevices: defineRoute({
    id: 'listDevices',
    service,
    method: 'GET',
    path: '/conferences/{slug}/devices',
    params: { slug },
    who: ['organiser', 'supervisor'],
    summary: 'Door devices.',
    query: z.strictObject(pageQuery),
    answer: page(device),
  }),
  createDevice: defineRoute({
    id: 'createDevice',
    service,
    method: 'POST',
    path: '/conferences/{slug}/devices',
    params: { slug },
    who: ['organiser'],
    summary: 'A device to be enrolled with the one-time code, within 10 minutes.',
    idempotent: true,
    body: z.strictObject({ name: line(120), ...bindings.shape }),
    answer: device.extend({ enrolmentCode: z.string(), expiresAt: instant }),
  }),
  enrolDevice: defineRoute({
    id: 'enrolDevice',
    service,
    method: 'POST',
    path: '/devices/enrol',
    who: ['anyone'],
    status: 200,
    summary: 'Exchanges the one-time code for a device token.',
    limit: { max: 30, perSeconds: 60 },
    body: z.strictObject({ code: z.string().max(40), previousDeviceId: id.optional() }),
    answer: z.object({
      deviceToken: z.string(),
      device,
      conference: z.object({ id, slug: z.string().nullable() }),
    }),
  }),
  changeDevice: defineRoute({
    id: 'changeDevice',
    service,
    method: 'PATCH',
    path: '/devices/{id}',
    who: ['organiser'],
    summary: 'Renames or rebinds a device; `newCode` makes a fresh enrolment code.',
    body: z.strictObject({
      name: line(120).optional(),
      bindings: bindings.optional(),
      newCode: z.boolean().optional(),
    }),
    answer: device.extend({ enrolmentCode: z.string().optional(), expiresAt: instant.optional() }),
  }),
  revokeDevice: defineRoute({
    id: 'revokeDevice',
    service,
    method: 'DELETE',
    path: '/devices/{id}',
    who: ['organiser'],
    summary: 'Revokes a device: 401 everywhere within 2 s.',
    query: z.strictObject({ reason: prose(500).optional() }),
  }),
  listAudit: defineRoute({
    id: 'listAudit',
    service,
    method: 'GET',
    path: '/conferences/{slug}/audit',
    params: { slug },
    who: ['organiser'],
    summary: 'Who did what, newest first.',
    query: z.strictObject({
      ...pageQuery,
      action: z.string().max(64).optional(),
      target: z.string().max(80).optional(),
      actor: id.optional(),
      system: flag.optional(),
    }),
    answer: page(auditRecord.omit({ version: true }).extend({ actorName: z.string().nullable() })),
  }),
};
