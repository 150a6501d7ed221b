import { randomUUID } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ApiError, type Client, routes, type ServiceName, services } from '@plenary/contracts';
import { metricsOf, replicaOf, settled, stack, verify } from '@plenary/testing';
import { withTwoReplicas } from './two-replicas';
import { badgeOf, Conference, inParallel, scanOf } from './world';

const stormMs = 10_000;
const either = () => (Math.random() < 0.5 ? 0 : 1);
const oneOf = <Item>(items: readonly Item[]): Item => items[Math.floor(Math.random() * items.length)] as Item;

withTwoReplicas('a storm over two replicas', (it) => {
  it('uploads, live scans, registrations and cancellations at once: no deadlock uncounted, no 5xx, nothing broken', async () => {
    const conference = await Conference.create();
    const rooms = await Promise.all(
      [20, 20, 20, 20].map((capacity) =>
        conference.room({ capacity, roomCap: 30, walkIn: 'always', startsAt: new Date().toISOString() }),
      ),
    );
    const holders = await inParallel(16, Array.from({ length: 80 }), async () => {
      const delegate = await conference.register([oneOf(rooms).subForum.id]);
      return { delegate, badge: await badgeOf(delegate) };
    });
    await settled();
    const log = join(stack().stateDir, 'logs', 'postgres.log');
    const before = { log: statSync(log).size, counted: await deadlocksCounted() };

    const done = new Map<string, number>();
    const ends = Date.now() + stormMs;
    /** Again and again until the storm is over; refusals are answers, everything else fails the test. */
    const keep = (what: string, work: () => Promise<unknown>) => async () => {
      while (Date.now() < ends) {
        let answer = 'good';
        try {
          await work();
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          answer = `${error.status} ${error.code}`;
        }
        done.set(`${what}: ${answer}`, (done.get(`${what}: ${answer}`) ?? 0) + 1);
      }
    };
    const at = (service: ServiceName, client?: Client) => replicaOf(service, either(), client);
    const someScan = (gate: (typeof rooms)[number]['gate'], acted?: 'admitted' | 'exited') =>
      scanOf(gate, oneOf(holders).badge, {
        direction: acted ? (acted === 'exited' ? 'exit' : 'entry') : oneOf(['entry', 'exit']),
        ...(acted ? { acted, scannedAt: new Date(Date.now() - Math.random() * 60_000).toISOString() } : {}),
      });

    const live = rooms.flatMap(({ gate, door }) =>
      [1, 2].map(() =>
        keep('live scan', () => at('check-in', door.client).call(routes.postScan, { body: someScan(gate) })),
      ),
    );
    const uploads = rooms.map(({ gate, door }) =>
      keep('upload', async () => {
        const scans = Array.from({ length: 40 }, () => someScan(gate, oneOf(['admitted', 'exited'])));
        const { results } = await at('check-in', door.client).call(routes.postScanBatch, { body: { scans } });
        expect(results).toHaveLength(40);
        expect(results.filter((one) => 'code' in one)).toEqual([]);
      }),
    );
    const comings = [1, 2, 3, 4].map(() =>
      keep('register, amend, cancel', async () => {
        const [first, second] = [oneOf(rooms).subForum.id, oneOf(rooms).subForum.id];
        const submitted = await at('registration').call(
          routes.submitRegistration,
          { params: { slug: conference.slug }, body: conference.submission([first]) },
          { idempotencyKey: randomUUID() },
        );
        if (!('delegateToken' in submitted)) throw new Error('registered before');
        const self = stack().client.as(submitted.delegateToken);
        const { etag } = await at('registration', self).request(routes.getOwnRegistration);
        await at('registration', self).call(
          routes.amendRegistration,
          { body: { choices: [{ subForumId: second }] } },
          { ifMatch: etag as string },
        );
        if (Math.random() < 0.7) await at('registration', self).call(routes.cancelOwnRegistration);
      }),
    );
    const releases = keep('release, ask again', async () => {
      const self = oneOf(holders).delegate.client;
      const { body, etag } = await at('registration', self).request(routes.getOwnRegistration);
      const choices = body.choices.some((one) => one.state === 'confirmed')
        ? []
        : [{ subForumId: oneOf(rooms).subForum.id }];
      await at('registration', self).call(routes.amendRegistration, { body: { choices } }, { ifMatch: etag as string });
    });
    const capacities = keep('another capacity', async () => {
      const organiser = at('sub-forum', conference.organiser);
      const { id } = oneOf(rooms).subForum;
      const { etag } = await organiser.request(routes.getSubForum, { params: { id } });
      await organiser.call(
        routes.changeSubForum,
        { params: { id }, body: { capacity: 10 + Math.floor(Math.random() * 20) } },
        { ifMatch: etag as string },
      );
    });
    const waves = [...live, ...uploads, ...comings, releases, releases, capacities];
    await Promise.all(waves.map((wave) => wave()));

    const counts = [...done].sort(([one], [other]) => one.localeCompare(other));
    const logged = readFileSync(log).subarray(before.log).toString().split('deadlock detected').length - 1;
    const counted = (await deadlocksCounted()) - before.counted;
    console.info(
      `storm of ${stormMs / 1000} s: ${counts.map(([what, count]) => `${count} x ${what}`).join('; ')}; ${logged} deadlocks`,
    );
    expect(counts.filter(([what]) => / 5\d\d /.test(what))).toEqual([]);
    for (const what of ['live scan', 'upload', 'register, amend, cancel', 'release, ask again', 'another capacity']) {
      expect({ what, good: done.get(`${what}: good`) ?? 0 }).not.toEqual({ what, good: 0 });
    }
    expect({ deadlocks: counted }).toEqual({ deadlocks: logged });

    await settled(60_000);
    const report = await verify();
    expect(report.filter((one) => one.violations.length > 0)).toEqual([]);
  }, 180_000);
});

/** Deadlocks that the services met and ran again, of all replicas. */
async function deadlocksCounted(): Promise<number> {
  const samples = await Promise.all(services.map((service) => metricsOf(service, 'plenary_database_deadlocks')));
  return samples.flat(2).reduce((sum, { value }) => sum + value, 0);
}
