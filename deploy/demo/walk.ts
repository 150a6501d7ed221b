import { strict as assert } from 'node:assert';
import { ApiError, Client, type Registration, routes, type Verdict } from '@plenary/contracts';
import { signIn } from './seed';
import { demoOrigin, readDemoState } from './state';

/**
 * Walks the whole path over HTTP as an organiser, two delegates and a door would, printing each step with its time.
 * Ends non-zero at the first thing that is off. What it makes it takes away again.
 */
async function walk(): Promise<void> {
  const state = readDemoState();
  if (!state) throw new Error('no demo conference here yet: start Plenary first (npm start), or run npm run seed');
  const anonymous = new Client(demoOrigin());
  const { slug } = state;
  const stamp = new Date().toISOString().slice(0, 19).replace(/[-:T]/g, '');

  const organiser = await step('Organiser signs in', () => signIn(anonymous, 'organiser@plenary.example'));
  const room = `Walk-through ${stamp}`;
  const subForum = await step('Organiser schedules a round table with one seat, running now', () =>
    organiser.call(routes.createSubForum, {
      params: { slug },
      body: {
        code: `WALK-${stamp}`,
        title: { en: `Round table ${stamp}`, 'zh-CN': `圆桌 ${stamp}` },
        room,
        startsAt: new Date(Date.now() - 60_000).toISOString(),
        endsAt: new Date(Date.now() + 30 * 60_000).toISOString(),
        capacity: 1,
        roomCap: 2,
      },
    }),
  );
  const device = await step(
    'Organiser adds a device for its room; the door enrols with the one-time code',
    async () => {
      const { id, enrolmentCode } = await organiser.call(routes.createDevice, {
        params: { slug },
        body: { name: `Door of ${room}`, rooms: [room] },
      });
      const { deviceToken } = await anonymous.call(routes.enrolDevice, { body: { code: enrolmentCode } });
      return { id, door: anonymous.as(deviceToken) };
    },
  );
  const gate = await step('The door sees its gate', () =>
    eventually('a gate', async () => {
      const { items } = await device.door.call(routes.listGates, { params: { slug } });
      return items.find((one) => one.subForumId === subForum.id);
    }),
  );

  const submit = (name: string, latinName: string | undefined, locale: 'en' | 'zh-CN') =>
    anonymous.call(
      routes.submitRegistration,
      {
        params: { slug },
        body: {
          person: {
            name,
            ...(latinName ? { latinName } : {}),
            email: `${latinName ?? name}-${stamp}@delegates.plenary.example`.replaceAll(' ', '.').toLowerCase(),
          },
          category: 'delegate',
          locale,
          choices: [{ subForumId: subForum.id }],
          consent: { privacy: true },
        },
      },
      { wait: 10, idempotencyKey: `walk-${stamp}-${locale}` },
    );
  const first = await step('欧阳明慧 registers in Chinese and gets the seat', async () => {
    const answer = withToken(await submit('欧阳明慧', 'OUYANG Minghui', 'zh-CN'));
    assert.equal(answer.choices[0]?.state, 'confirmed');
    return answer;
  });
  const second = await step('Samira Demo registers and is number one on the waitlist', async () => {
    const answer = withToken(await submit('Samira Demo', undefined, 'en'));
    assert.equal(answer.choices[0]?.state, 'waitlisted');
    assert.equal(answer.choices[0]?.position, 1);
    return answer;
  });
  const badges = await step('Both have their badges, as payload and as picture', async () => {
    const [one, two] = await Promise.all(
      [first, second].map(({ delegateToken }) =>
        anonymous.as(delegateToken).call(routes.getOwnBadge, {}, { wait: 10 }),
      ),
    );
    const png = await anonymous.as(first.delegateToken).send(routes.getOwnBadgePng, {}, {});
    assert.equal(png.headers.get('content-type'), 'image/png');
    assert.ok((await png.arrayBuffer()).byteLength > 300);
    return { one: one?.payload as string, two: two?.payload as string };
  });

  const scan = (token: string, direction: 'entry' | 'exit' = 'entry', scanId: string = crypto.randomUUID()) =>
    device.door.call(routes.postScan, {
      body: { scanId, gateId: gate.id, direction, token, scannedAt: new Date().toISOString() },
    });
  const says = async (token: string, wanted: Partial<Verdict>, direction: 'entry' | 'exit' = 'entry') => {
    const verdict = await scan(token, direction);
    for (const [key, value] of Object.entries(wanted)) assert.deepEqual(verdict[key as keyof Verdict], value, key);
    return verdict;
  };
  await step('Door: the first badge is admitted', () =>
    eventually('admission', async () => {
      const verdict = await scan(badges.one);
      return verdict.verdict === 'admitted' && verdict.detail === 'first' ? verdict : undefined;
    }),
  );
  await step('Door: shown again, it is already inside', () =>
    says(badges.one, { verdict: 'refused', reason: 'already_inside' }),
  );
  await step('Door: the second is on the waitlist, number one', () =>
    says(badges.two, { verdict: 'refused', reason: 'waitlisted', position: 1 }),
  );
  await step('Door: one changed character is no valid badge', () =>
    says(`${badges.two.slice(0, 40)}${badges.two[40] === '7' ? '8' : '7'}${badges.two.slice(41)}`, {
      verdict: 'refused',
      reason: 'invalid_badge',
    }),
  );
  await step('Organiser raises the capacity to two; the waiter is promoted live', async () => {
    const stopping = new AbortController();
    const promoted = (async () => {
      const live = anonymous
        .as(second.delegateToken)
        .watch(routes.watchOwnRegistration, {}, { signal: stopping.signal });
      for await (const { data } of live) if (data.choices[0]?.state === 'confirmed') return;
    })();
    const { etag } = await organiser.request(routes.getSubForum, { params: { id: subForum.id } });
    const effects = await organiser.call(
      routes.changeSubForum,
      { params: { id: subForum.id }, body: { capacity: 2 } },
      { ifMatch: etag as string },
    );
    assert.equal(effects.promoted[0]?.registrationId, second.id);
    await within(5_000, promoted);
    stopping.abort();
  });
  await step('Door: the second is admitted now', () =>
    eventually('admission', async () => ((await scan(badges.two)).verdict === 'admitted' ? true : undefined)),
  );
  await step('Board: two inside', () => inside(organiser, slug, subForum.id, 2));
  await step('Door: the first leaves; the board says one inside', async () => {
    await says(badges.one, { verdict: 'exited', detail: 'normal' }, 'exit');
    await inside(organiser, slug, subForum.id, 1);
  });
  await step('Desk reissues the lost badge: the new one re-enters, the old one is superseded', async () => {
    await organiser.call(routes.reissueBadge, { params: { id: first.id }, body: { reason: 'lost' } });
    const fresh = await anonymous.as(first.delegateToken).call(routes.getOwnBadge, {}, { wait: 10 });
    assert.notEqual(fresh.payload, badges.one);
    // The new badge is good at once; the old one until the door has heard of the reissue.
    await says(fresh.payload, { verdict: 'admitted', detail: 're_entry' });
    await eventually('superseded', async () => ((await scan(badges.one)).reason === 'superseded' ? true : undefined));
  });
  await step('The second cancels; the seat is given back', async () => {
    const answer = await anonymous.as(second.delegateToken).call(routes.cancelOwnRegistration);
    assert.equal(answer.status, 'cancelled');
    await eventually('released seat', async () =>
      (await organiser.call(routes.getSubForum, { params: { id: subForum.id } })).confirmed === 1 ? true : undefined,
    );
  });
  await step('Organiser revokes the device: its next scan is 401', async () => {
    await organiser.call(routes.revokeDevice, { params: { id: device.id } });
    await eventually('401', async () => {
      try {
        await scan(badges.one);
        return undefined;
      } catch (error) {
        return error instanceof ApiError && error.status === 401 ? true : undefined;
      }
    });
  });
  await step('Organiser cancels the round table', () =>
    organiser.call(routes.cancelSubForum, { params: { id: subForum.id }, body: { reason: 'end of the walk' } }),
  );
}

let steps = 0;
const began = performance.now();

async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  try {
    const answer = await work();
    steps += 1;
    console.log(`  ok  ${title}  ${(performance.now() - start).toFixed(0)} ms`);
    return answer;
  } catch (error) {
    console.error(`  NO  ${title}`);
    throw error;
  }
}

async function inside(organiser: Client, slug: string, subForumId: string, wanted: number): Promise<void> {
  await eventually(`${wanted} inside on the board`, async () => {
    const board = await organiser.call(routes.getAttendance, { params: { slug } });
    return board.subForums.find((one) => one.subForumId === subForumId)?.inside === wanted ? true : undefined;
  });
}

/**
 * Asks every 25 ms until there is an answer, for at most 15 s: after a kill -9 of everything a consumer group waits for its
 * dead members first. 503 means "try again in a moment".
 */
async function eventually<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const answer = await ask().catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 503) return undefined;
      throw error;
    });
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`no ${what} within 15 s`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${ms} ms`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function withToken(answer: unknown): Registration & { delegateToken: string } {
  assert.ok(typeof answer === 'object' && answer !== null && 'delegateToken' in answer, 'no new registration');
  return answer as Registration & { delegateToken: string };
}

walk()
  .then(() =>
    console.log(`${steps} steps in ${((performance.now() - began) / 1000).toFixed(1)} s: the whole path works`),
  )
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
