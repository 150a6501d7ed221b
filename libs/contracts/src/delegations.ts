import { z } from 'zod';
import { id, instant, line, page, pageQuery, slug, version } from './common';
import { defineEvent } from './event';
import { defineRoute } from './route';
import { topics } from './topics';

const delegationState = z.object({
  version,
  delegationId: id,
  conferenceId: id,
  name: z.string(),
  quota: z.int().nullable(),
  leader: z.object({ name: z.string(), email: z.string().nullable() }),
  linkGeneration: z.int().min(1),
  at: instant,
});
export type DelegationState = z.output<typeof delegationState>;

const key = { topic: topics.delegations, key: byDelegation, subject: byDelegation } as const;
const told = { body: delegationState, ...key } as const;
export const delegationAnnounced = defineEvent({ type: 'delegation.announced.v1', ...told });
export const delegationLeaderChanged = defineEvent({ type: 'delegation.leader-changed.v1', ...told });
export const delegationSnapshot = defineEvent({ type: 'delegation.snapshot.v1', ...told });

function byDelegation(body: { delegationId: string }): string {
  return body.delegationId;
}

export const delegation = z.object({
  id,
  conferenceId: id,
  name: z.string(),
  quota: z.int().nullable(),
  leader: z.object({ name: z.string(), email: z.string().optional() }),
  registered: z.int(),
});

const service = 'registration';

export const delegationRoutes = {
  listDelegations: defineRoute({
    id: 'listDelegations',
    service,
    method: 'GET',
    path: '/conferences/{slug}/delegations',
    params: { slug },
    summary: 'Delegations by name.',
    who: ['organiser'],
    query: z.strictObject(pageQuery),
    answer: page(delegation),
  }),
  createDelegation: defineRoute({
    id: 'createDelegation',
    service,
    method: 'POST',
    path: '/conferences/{slug}/delegations',
    params: { slug },
    summary: 'Announces a delegation; the leader registers its members.',
    who: ['organiser'],
    idempotent: true,
    body: z.strictObject({
      name: line(200),
      leader: z.strictObject({ name: line(200), email: z.email().max(254).optional() }),
      quota: z.int().min(1).max(10_000).nullable().default(null),
    }),
    answer: delegation.extend({ leaderToken: z.string() }),
  }),
  getOwnDelegation: defineRoute({
    id: 'getOwnDelegation',
    service,
    method: 'GET',
    path: '/delegation',
    summary: 'Own delegation.',
    who: ['leader'],
    answer: delegation,
  }),
};
