import type { Topic } from './event';

/** Every topic, by its short name. Names carry the prefix `plenary.`. */
export const topics = {
  conferences: { name: 'plenary.conferences', partitions: 3, owners: ['sub-forum'] },
  subForums: { name: 'plenary.sub-forums', partitions: 6, owners: ['sub-forum'] },
  registrations: { name: 'plenary.registrations', partitions: 12, owners: ['registration'] },
  delegations: { name: 'plenary.delegations', partitions: 3, owners: ['registration'] },
  seatRequests: { name: 'plenary.seat-requests', partitions: 12, owners: ['registration'] },
  seats: { name: 'plenary.seats', partitions: 12, owners: ['sub-forum'] },
  badges: { name: 'plenary.badges', partitions: 12, owners: ['badge'] },
  gates: { name: 'plenary.gates', partitions: 3, owners: ['check-in'] },
  checkIns: { name: 'plenary.check-ins', partitions: 12, owners: ['check-in'] },
  access: { name: 'plenary.access', partitions: 3, owners: ['identity'] },
  audit: {
    name: 'plenary.audit',
    partitions: 3,
    owners: ['identity', 'sub-forum', 'registration', 'badge', 'check-in', 'attendance'],
  },
  deadLetters: {
    name: 'plenary.dead-letters',
    partitions: 3,
    owners: ['identity', 'sub-forum', 'registration', 'badge', 'check-in', 'attendance'],
  },
} as const satisfies Record<string, Topic>;
