import { randomUUID } from 'node:crypto';
import { routes } from '@plenary/contracts';
import { settled } from '@plenary/testing';
import { badgeOf, Conference, choiceBecomes, type Delegate, scan, scanOf } from '../e2e/world';

/**
 * A small conference's day with a bit of everything that changes a state: a waitlist, a promotion, amendments,
 * cancellations, lost and revoked badges, moved and cancelled sub-forums, rebound and revoked devices, scans of all
 * kinds, an undo, a conflict. Answers the conference.
 */
export async function someDay(): Promise<Conference> {
  const conference = await Conference.create();
  const { organiser, slug } = conference;
  const small = await conference.room({ capacity: 1 });
  const open = await conference.room({ admission: 'open', capacity: null });
  const doomed = await conference.subForum({
    startsAt: small.subForum.endsAt,
    endsAt: later(small.subForum.endsAt, 10),
  });
  await organiser.call(routes.createDelegation, {
    params: { slug },
    body: { name: 'A delegation', leader: { name: 'Leader', email: `${randomUUID()}@delegates.example` }, quota: 5 },
  });
  const people: Delegate[] = [];
  for (let count = 0; count < 6; count += 1) people.push(await conference.register([small.subForum.id, doomed.id]));
  const [first, second, third, fourth, fifth, sixth] = people as [
    Delegate,
    Delegate,
    Delegate,
    Delegate,
    Delegate,
    Delegate,
  ];
  const badges = await Promise.all(people.map(badgeOf));
  const badge = (index: number) => badges[index] as string;
  await settled();

  await scan(open.door, open.gate, badge(0));
  await scan(open.door, open.gate, badge(0), { direction: 'exit' });
  await scan(small.door, small.gate, badge(0));
  await scan(open.door, open.gate, badge(3));
  await scan(open.door, open.gate, 'NO BADGE AT ALL');
  const undone = scanOf(open.gate, badge(1));
  await open.door.client.call(routes.postScan, { body: undone });
  await open.door.client.call(routes.undoScan, { params: { scanId: undone.scanId }, body: {} });
  // A door that let in who had no seat.
  const late = scanOf(small.gate, badge(4), { acted: 'admitted' });
  await small.door.client.call(routes.postScanBatch, { body: { scans: [late] } });

  await second.client.call(routes.cancelOwnRegistration);
  await conference.change(small.subForum.id, { capacity: 2 });
  await choiceBecomes(third, small.subForum.id, 'confirmed');
  const { etag } = await fourth.client.request(routes.getOwnRegistration);
  await fourth.client.call(routes.amendRegistration, { body: { choices: [] } }, { ifMatch: etag as string });
  await organiser.call(routes.declineRegistration, { params: { id: fifth.id }, body: { reason: 'not this time' } });
  await organiser.call(routes.cancelRegistration, { params: { id: sixth.id }, body: { reason: 'by phone' } });
  await organiser.call(routes.reinstateRegistration, { params: { id: sixth.id }, body: { reason: 'by phone' } });
  await organiser.call(routes.cancelSubForum, { params: { id: doomed.id }, body: {} });
  await organiser.call(routes.reissueBadge, { params: { id: first.id }, body: { reason: 'lost' } });
  await organiser.call(routes.revokeBadge, { params: { id: third.id }, body: { reason: 'withdrawn' } });

  const moved = await organiser.request(routes.getSubForum, { params: { id: open.subForum.id } });
  await organiser.call(
    routes.changeSubForum,
    { params: { id: open.subForum.id }, body: { room: `${open.subForum.room} upstairs` } },
    { ifMatch: moved.etag as string },
  );
  const gate = await organiser.request(routes.getGate, { params: { id: small.gate.id } });
  await organiser.call(
    routes.changeGate,
    { params: { id: small.gate.id }, body: { open: false } },
    { ifMatch: gate.etag as string },
  );
  const bindings = { venue: true, rooms: [], gateIds: [] };
  await organiser.call(routes.changeDevice, { params: { id: open.door.id }, body: { bindings } });
  await organiser.call(routes.revokeDevice, { params: { id: small.door.id } });
  await settled();
  return conference;
}

const later = (instant: string, minutes: number) => new Date(Date.parse(instant) + minutes * 60_000).toISOString();
