import { randomUUID } from 'node:crypto';
import { type Registration, routes, type SubForum } from '@plenary/contracts';
import { outboxesEmpty, settled, stack, topicEvents } from '@plenary/testing';
import { Conference, minutes } from './world';

/** 2,000 registrations with 3 choices each against small sub-forums, as fast as the machine takes them. */
describe('a registration rush', () => {
  it('oversells nothing, keeps the order, and leaves the outboxes empty', async () => {
    const people = 2_000;
    const width = 64;
    const conference = await Conference.create();
    const slots = [10, 20, 30].map((start) => ({ startsAt: minutes(start), endsAt: minutes(start + 10) }));
    const subForums: SubForum[][] = [];
    for (const slot of slots) {
      subForums.push(
        await Promise.all(Array.from({ length: 8 }, () => conference.subForum({ ...slot, capacity: 30 }))),
      );
    }
    await settled();

    const ids: string[] = [];
    const tokens: string[] = [];
    const queue = Array.from({ length: people }, (_, index) => index).values();
    const began = performance.now();
    await Promise.all(
      Array.from({ length: width }, async () => {
        for (const index of queue) {
          const choices = subForums.map((row, slot) => (row[(index * 7 + slot * 3) % row.length] as SubForum).id);
          const answer = await stack().client.call(
            routes.submitRegistration,
            {
              params: { slug: conference.slug },
              body: conference.submission(choices, {
                person: { name: `Delegate ${index}`, email: `${randomUUID()}@delegates.example` },
              }),
            },
            { idempotencyKey: randomUUID() },
          );
          if (!('delegateToken' in answer)) throw new Error('registered before');
          ids.push(answer.id);
          tokens.push(answer.delegateToken);
        }
      }),
    );
    const submitted = performance.now();
    const last: Registration[] = [];
    for (let from = 0; from < tokens.length; from += 50) {
      last.push(
        ...(await Promise.all(
          tokens
            .slice(from, from + 50)
            .map((token) => stack().client.as(token).call(routes.getOwnRegistration, {}, { wait: 10 })),
        )),
      );
    }
    const settledAt = performance.now();

    const choices = last.flatMap((one) => one.choices);
    expect(choices).toHaveLength(people * 3);
    expect(choices.filter((one) => one.state === 'pending')).toEqual([]);
    for (const subForum of subForums.flat()) {
      const confirmed = choices.filter((one) => one.subForumId === subForum.id && one.state === 'confirmed');
      expect(confirmed).toHaveLength(30);
    }

    await settled();
    expect(await outboxesEmpty()).toBe(true);

    // Order: in each queue the confirmed are exactly the first of the requests in Kafka, the waiters follow in order.
    const wanted = new Set(subForums.flat().map((one) => one.id));
    const requests = new Map<string, string[]>();
    const ages: number[] = [];
    for await (const event of topicEvents('seatRequests')) {
      const body = event.body as { subForumId: string; registrationId: string };
      if (!wanted.has(body.subForumId)) continue;
      ages.push(event.sentAt - Date.parse(event.headers.ce_time as string));
      requests.set(body.subForumId, [...(requests.get(body.subForumId) ?? []), body.registrationId]);
    }
    const stateOf = new Map(last.map((one) => [one.id, one.choices] as const));
    for (const [subForumId, order] of requests) {
      const states = order.map((registrationId) =>
        stateOf.get(registrationId)?.find((one) => one.subForumId === subForumId),
      );
      expect(states.slice(0, 30).every((one) => one?.state === 'confirmed')).toBe(true);
      expect(states.slice(30).map((one) => one?.position)).toEqual(states.slice(30).map((_, index) => index + 1));
    }
    ages.sort((one, other) => one - other);
    const percentile = (share: number) => ages[Math.floor(ages.length * share)];
    const seconds = (submitted - began) / 1000;
    console.info(
      `rush: ${people} registrations x 3 choices, ${(people / seconds).toFixed(0)} registrations/s at ${width} connections, ` +
        `every outcome read ${((settledAt - submitted) / 1000).toFixed(2)} s after the last; ` +
        `event age at the broker p50 ${percentile(0.5)} ms, p99 ${percentile(0.99)} ms`,
    );
  }, 180_000);
});
