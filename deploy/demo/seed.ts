import { ApiError, Client, type Registration, routes, type StaffRole, type SubForum } from '@plenary/contracts';
import { crewCount, delegationCount, delegationName, demoCrew, demoDelegate, membersPerDelegation } from './people';
import { type DemoConference, dayOf, demoCategories, demoConference, demoTimeZone, knownSpeakers } from './programme';
import { type DemoState, demoOrigin, demoPassword, readDemoState, writeDemoState } from './state';
import { welcome } from './welcome';

/**
 * Fills a running system with the demo conference, through the public API alone. Run again it does nothing while
 * the conference lasts, goes on where it was cut off (every POST carries a key made from what it makes), and makes
 * a new conference when the last one is over.
 */
export async function seed(now = new Date(), say: (line: string) => void = console.log): Promise<void> {
  const before = readDemoState();
  const anonymous = new Client(demoOrigin());
  if (before && before.endsOn >= dayOf(now) && (await exists(anonymous, before.slug))) {
    say(`the demo conference ${before.slug} is there`);
    await greet(await signIn(anonymous, 'organiser@plenary.example'), before, say);
    return;
  }
  const began = Date.now();
  const demo = demoConference(now);
  const admin = await signIn(anonymous, 'organiser@plenary.example');
  const conference = await createConference(admin, demo);
  const subForums = await inParallel(demo.subForums, 8, (one) =>
    admin.call(
      routes.createSubForum,
      { params: { slug: demo.slug }, body: one },
      { idempotencyKey: `${demo.slug}/${one.code}` },
    ),
  );
  say(`${conference.slug}: ${subForums.length} sub-forums`);
  await createStaff(admin, demo.slug, subForums[0] as SubForum);
  const devices = await enrolDevices(admin, demo.slug);
  say(`${devices.length} door devices enrolled`);
  const people = await registerEverybody(admin, demo.slug, subForums);
  await registerCrew(admin, demo.slug);
  await linkSpeakers(admin, demo.slug, subForums[0] as SubForum);
  say(`${people.length} delegates of ${delegationCount} delegations`);
  const arrived = await admitTheFirst(demo.slug, people, subForums, devices, anonymous);
  say(`${arrived} of them are inside; seeded in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  const state = {
    slug: demo.slug,
    conferenceId: conference.id,
    endsOn: demo.endsOn,
    devices,
    delegateToken: (await visitor(people, subForums, anonymous)).token,
  };
  writeDemoState(state);
  await greet(admin, state, say);
}

async function greet(admin: Client, state: DemoState, say: (line: string) => void): Promise<void> {
  for (const line of await welcome(admin, state)) say(line);
}

/** Somebody who has not come yet and has a seat in a running sub-forum: a badge to try the doors with. */
async function visitor(
  people: readonly Registered[],
  subForums: readonly SubForum[],
  client: Client,
): Promise<Registered> {
  const running = runningNow(subForums);
  for (const [index, person] of people.entries()) {
    if (index % 2 === 0) continue;
    const { choices } = await client.as(person.token).call(routes.getOwnRegistration, {}, { wait: 10 });
    if (choices.some(({ subForumId, state }) => state === 'confirmed' && running.has(subForumId))) return person;
  }
  return people[1] as Registered;
}

function runningNow(subForums: readonly SubForum[]): Map<string, SubForum> {
  const now = Date.now();
  const running = subForums.filter((one) => Date.parse(one.startsAt) <= now && now < Date.parse(one.endsAt));
  return new Map(running.map((one) => [one.id, one]));
}

interface Registered {
  registration: Registration;
  token: string;
}
interface Device {
  id: string;
  name: string;
  token: string;
}

async function exists(client: Client, slug: string): Promise<boolean> {
  try {
    await client.call(routes.getConference, { params: { slug } });
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return false;
    throw error;
  }
}

export async function signIn(client: Client, email: string, password = demoPassword): Promise<Client> {
  return client.as((await client.call(routes.signIn, { body: { email, password } })).accessToken);
}

async function createConference(admin: Client, demo: DemoConference) {
  return admin.call(
    routes.createConference,
    {
      body: {
        slug: demo.slug,
        name: demo.name,
        summary: demo.summary,
        venue: demo.venue,
        timeZone: demoTimeZone,
        startsOn: demo.startsOn,
        endsOn: demo.endsOn,
        categories: demoCategories,
        help: { email: 'help@plenary.example', place: { en: 'Service desk, 1F', 'zh-CN': '一层服务台' } },
      },
    },
    { idempotencyKey: demo.slug },
  );
}

async function createStaff(admin: Client, slug: string, own: SubForum): Promise<void> {
  const members: { name: string; role: StaffRole; subForumIds: string[] }[] = [
    { name: 'cohost', role: 'cohost', subForumIds: [own.id] },
    { name: 'supervisor', role: 'supervisor', subForumIds: [] },
    { name: 'desk', role: 'desk', subForumIds: [] },
  ];
  for (const { name, role, subForumIds } of members) {
    const email = `${name}@plenary.example`;
    const { link } = await admin.call(
      routes.createStaff,
      { params: { slug }, body: { name: `Demo ${name}`, email, roles: [{ role, subForumIds }] } },
      { idempotencyKey: `${slug}/${email}` },
    );
    if (link)
      await tolerate(
        'link_invalid',
        admin.as(undefined).call(routes.setPassword, { body: { link, password: demoPassword } }),
      );
  }
}

/** One device for the venue's gates and one a floor for its four rooms. */
async function enrolDevices(admin: Client, slug: string): Promise<Device[]> {
  const floors = [1, 2, 3, 4, 5].map((floor) => ({
    name: `Door ${floor}F`,
    venue: false,
    rooms: [1, 2, 3, 4].map((room) => `${floor}F ${floor}0${room}`),
  }));
  const wanted = [{ name: 'Main entrance', venue: true, rooms: [] as string[] }, ...floors];
  const known = new Map<string, string>();
  for await (const device of admin.all(routes.listDevices, { params: { slug } })) known.set(device.name, device.id);
  return inParallel(wanted, 1, async (device) => {
    const before = known.get(device.name);
    const { id, enrolmentCode } = before
      ? await admin.call(routes.changeDevice, { params: { id: before }, body: { newCode: true } })
      : await admin.call(routes.createDevice, { params: { slug }, body: device });
    const { deviceToken } = await admin
      .as(undefined)
      .call(routes.enrolDevice, { body: { code: enrolmentCode as string } });
    return { id, name: device.name, token: deviceToken };
  });
}

async function registerEverybody(admin: Client, slug: string, subForums: readonly SubForum[]): Promise<Registered[]> {
  const starts = [...new Set(subForums.map((one) => one.startsAt))].sort();
  const slots = starts.map((start) => subForums.filter((one) => one.startsAt === start).map((one) => one.id));
  const leaders = await inParallel([...Array(delegationCount).keys()], 4, (index) =>
    admin.call(
      routes.createDelegation,
      {
        params: { slug },
        body: {
          name: delegationName(index),
          leader: { name: `Leader ${index + 1}`, email: `leader${index + 1}@delegates.plenary.example` },
          quota: membersPerDelegation,
        },
      },
      { idempotencyKey: `${slug}/delegation/${index}` },
    ),
  );
  // One at a time within a delegation, several delegations at once.
  const groups = await inParallel(leaders, 8, async ({ leaderToken }, delegation) => {
    const members: Registered[] = [];
    for (let member = 0; member < membersPerDelegation; member += 1) {
      const index = delegation * membersPerDelegation + member;
      const answer = await admin
        .as(leaderToken)
        .call(
          routes.submitRegistration,
          { params: { slug }, body: demoDelegate(index, slots) },
          { idempotencyKey: `${slug}/delegate/${index}` },
        );
      if (!('delegateToken' in answer)) throw new Error(`delegate ${index} was registered before`);
      members.push({ registration: answer, token: answer.delegateToken });
    }
    return members;
  });
  return groups.flat();
}

/** Staff and organisers pass every door: nobody but the desk or an organiser may name them. */
async function registerCrew(admin: Client, slug: string): Promise<void> {
  await inParallel([...Array(crewCount).keys()], 4, (index) =>
    admin.call(
      routes.submitRegistration,
      { params: { slug }, body: demoCrew(index) },
      { idempotencyKey: `${slug}/crew/${index}` },
    ),
  );
}

/** Registers the known speakers and names their registrations in the sub-forum, so that they pass its door. */
async function linkSpeakers(admin: Client, slug: string, subForum: SubForum): Promise<void> {
  const ids = new Map<string, string>();
  for (const [index, speaker] of knownSpeakers.entries()) {
    const answer = await admin.call(
      routes.submitRegistration,
      {
        params: { slug },
        body: {
          person: { name: speaker.name, organisation: speaker.organisation, jobTitle: speaker.title },
          category: 'speaker',
          locale: 'en',
          consent: { privacy: true },
        },
      },
      { idempotencyKey: `${slug}/speaker/${index}` },
    );
    if ('id' in answer) ids.set(speaker.name, answer.id);
  }
  const sessions = subForum.sessions.map((session) => ({
    ...session,
    speakers: session.speakers.map((speaker) => {
      const registrationId = ids.get(speaker.name);
      return registrationId ? { ...speaker, registrationId } : speaker;
    }),
  }));
  const { etag } = await admin.request(routes.getSubForum, { params: { id: subForum.id } });
  await admin.call(
    routes.changeSubForum,
    { params: { id: subForum.id }, body: { sessions } },
    { ifMatch: etag as string },
  );
}

/** Every second holder of a confirmed seat in a running sub-forum comes in, so that the board has something to show. */
async function admitTheFirst(
  slug: string,
  people: readonly Registered[],
  subForums: readonly SubForum[],
  devices: readonly Device[],
  client: Client,
): Promise<number> {
  const running = runningNow(subForums);
  const gates = new Map<string, string>();
  for (const device of devices) {
    for await (const gate of client.as(device.token).all(routes.listGates, { params: { slug } })) {
      if (gate.subForumId) gates.set(gate.subForumId, gate.id);
    }
  }
  const outcomes = await inParallel(
    people.filter((_, index) => index % 2 === 0),
    8,
    async ({ token }) => {
      const own = await client.as(token).call(routes.getOwnRegistration, {}, { wait: 10 });
      const seat = own.choices.find((choice) => choice.state === 'confirmed' && running.has(choice.subForumId));
      const room = seat && running.get(seat.subForumId);
      const gateId = seat && gates.get(seat.subForumId);
      const device = room && devices.find((one) => one.name === `Door ${room.floor}`);
      if (!device || !gateId) return false;
      const badge = await client.as(token).call(routes.getOwnBadge, {}, { wait: 10 });
      const verdict = await client.as(device.token).call(routes.postScan, {
        body: {
          scanId: crypto.randomUUID(),
          gateId,
          direction: 'entry',
          token: badge.payload,
          scannedAt: new Date().toISOString(),
        },
      });
      return verdict.verdict === 'admitted';
    },
  );
  return outcomes.filter(Boolean).length;
}

/** Runs `work` over all items, at most `width` at once; answers in the order of the items. */
async function inParallel<Item, Answer>(
  items: readonly Item[],
  width: number,
  work: (item: Item, index: number) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  const queue = items.entries();
  await Promise.all(
    Array.from({ length: Math.min(width, items.length) }, async () => {
      for (const [index, item] of queue) answers[index] = await work(item, index);
    }),
  );
  return answers;
}

async function tolerate(code: string, call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== code) throw error;
  }
}

if (require.main === module) {
  seed().catch((error: unknown) => {
    console.error(`seed: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  });
}
