import { randomUUID } from 'node:crypto';
import { type Gate, routes, type SubForum } from '@plenary/contracts';
import { settled, stack, topicEvents } from '@plenary/testing';
import { baselineOf, insertRate } from '../baseline';
import { type Bench, type Case, withDatabase } from '../case';
import { type LoadResult, percentile } from '../load';
import { comeToRest } from '../quiet';
import type { Figure } from '../report';
import { BenchConference, heard, minutes, request } from '../world';

const rooms = 40;
const closed = [
  { connections: 1, scans: 1_000 },
  { connections: 16, scans: 5_000 },
  { connections: 64, scans: 10_000 },
];
const open = { perSecond: 200, scans: 4_000 };
/** Scans before the first that count: what runs all day is compiled, and its statements are prepared. */
const warmUp = 500;

/** Doors: each badge once, four of five at the room where its holder has a seat, the fifth next door. */
export const scans: Case = {
  name: 'scans',
  title: `distinct badges at ${rooms} doors, 80 % admitted, 20 % refused for want of a seat; 1, 16, 64 connections, then ${open.perSecond}/s`,
  changesData: true,
  async run(bench) {
    const counts = closed.map((one) => ({ ...one, scans: bench.scaled(one.scans) }));
    const atPace = bench.scaled(open.scans);
    const first = bench.scaled(warmUp);
    const doors = await openDoors(counts.reduce((sum, one) => sum + one.scans, first + atPace));
    const badges = await giveBadges(bench, doors);
    const figures: Figure[] = [];
    const done = makeScans(doors, badges.splice(0, first));
    await bench.generator.load({ origin: stack().url, requests: done.map((one) => one.request), connections: 16 });
    let before = await insertRate(bench.generator);
    for (const { connections, scans: count } of counts) {
      bench.say(`${count} scans at ${connections} connections`);
      const scanned = makeScans(doors, badges.splice(0, count));
      const sent = await bench.counted(`${connections} connections`, count, () =>
        bench.generator.load({
          origin: stack().url,
          requests: scanned.map(({ request }) => request),
          connections,
          keep,
        }),
      );
      await settled(60_000);
      const after = await insertRate(bench.generator);
      const baseline = baselineOf(before, after);
      before = after;
      bench.baselines.push({ name: `${connections} connections`, baseline });
      done.push(...scanned);
      bench.check(`at ${connections} connections the door heard the right verdicts`, wrongAnswers(scanned, sent));
      const rate = count / ((sent.endedAt - sent.startedAt) / 1_000);
      const target = connections === 64 ? { target: { atLeast: 1 } } : {};
      figures.push(
        { what: `${connections} connections`, value: rate, unit: 'scans/s' },
        {
          what: `${connections} connections beside durable INSERTs`,
          value: rate / baseline.mean,
          unit: 'x',
          ...target,
        },
        { what: `${connections} connections, p50`, value: percentile(sent.latency, 0.5), unit: 'ms' },
        { what: `${connections} connections, p99`, value: percentile(sent.latency, 0.99), unit: 'ms' },
      );
    }
    bench.say(`${atPace} scans, ${open.perSecond} a second`);
    const scanned = makeScans(doors, badges);
    const requests = scanned.map((one) => one.request);
    const sent = await bench.counted(`${open.perSecond}/s`, atPace, () =>
      bench.generator.load({
        origin: stack().url,
        requests,
        connections: 64,
        rate: open.perSecond,
        arrivals: bench.arrivals,
        keep,
      }),
    );
    done.push(...scanned);
    bench.check(`at ${open.perSecond}/s the door heard the right verdicts`, wrongAnswers(scanned, sent));
    await settled(60_000);
    bench.check('every scan has its one row and its event', await recorded(done));
    return [
      ...figures,
      { what: `${open.perSecond}/s, p50`, value: percentile(sent.latency, 0.5), unit: 'ms' },
      { what: `${open.perSecond}/s, p99`, value: percentile(sent.latency, 0.99), unit: 'ms', target: { atMost: 25 } },
      { what: `${open.perSecond}/s, sent more than 10 ms late`, value: sent.late, unit: `of ${atPace}` },
    ];
  },
};

const keep = ['verdict', 'reason'];

interface Doors {
  readonly conference: BenchConference;
  readonly people: number;
  readonly rooms: { readonly subForum: SubForum; readonly gate: Gate; readonly token: string }[];
}

async function openDoors(people: number): Promise<Doors> {
  const conference = await BenchConference.create('scans');
  // Gates open 30 minutes before the start.
  const times = { startsAt: minutes(20), endsAt: minutes(140) };
  const subForums = await conference.subForums(rooms, { ...times, capacity: Math.ceil(people / rooms) });
  await heard();
  const gates = new Map<string | null, Gate>();
  for await (const gate of conference.organiser.all(routes.listGates, { params: { slug: conference.slug } }))
    gates.set(gate.subForumId, gate);
  const made: Doors['rooms'][number][] = [];
  for (const subForum of subForums) {
    const { enrolmentCode } = await conference.organiser.call(routes.createDevice, {
      params: { slug: conference.slug },
      body: { name: `Door of ${subForum.room}`, rooms: [subForum.room] },
    });
    const { deviceToken } = await stack().client.call(routes.enrolDevice, { body: { code: enrolmentCode } });
    made.push({ subForum, gate: gates.get(subForum.id) as Gate, token: deviceToken });
  }
  return { conference, people, rooms: made };
}

interface Badge {
  readonly room: number;
  readonly token: string;
}

async function giveBadges(bench: Bench, { conference, people, rooms: made }: Doors): Promise<Badge[]> {
  bench.say(`${people} registrations, so that there are badges`);
  const { generator } = bench;
  const roomOf = (index: number) => index % made.length;
  const registered = await generator.load({
    origin: stack().url,
    requests: Array.from({ length: people }, (_, index) =>
      conference.submission([(made[roomOf(index)] as Doors['rooms'][number]).subForum.id]),
    ),
    connections: 64,
    keep: ['delegateToken'],
  });
  await withDatabase((database) => comeToRest(database, 300_000));
  bench.say('fetching the badges');
  const fetched = await generator.load({
    origin: stack().url,
    requests: registered.kept.map((one) => request(routes.getOwnBadge, { token: one?.delegateToken as string })),
    connections: 64,
    keep: ['payload'],
  });
  return fetched.kept.map((one, index) => ({ room: roomOf(index), token: one?.payload as string }));
}

interface Scanned {
  readonly scanId: string;
  readonly verdict: 'admitted' | 'refused';
  readonly request: ReturnType<typeof request>;
}

function makeScans({ rooms: made }: Doors, badges: Badge[]): Scanned[] {
  return badges.map(({ room, token }, index) => {
    const refused = index % 5 === 4;
    const door = made[(room + Number(refused)) % made.length] as Doors['rooms'][number];
    const scanId = randomUUID();
    const body = {
      scanId,
      gateId: door.gate.id,
      direction: 'entry',
      token,
      scannedAt: new Date().toISOString(),
    };
    return {
      scanId,
      verdict: refused ? 'refused' : 'admitted',
      request: request(routes.postScan, { token: door.token, body }),
    };
  });
}

function wrongAnswers(scanned: Scanned[], sent: LoadResult): string[] {
  return scanned.flatMap(({ scanId, verdict }, index) => {
    const heardOf = sent.kept[index];
    const right = heardOf?.verdict === verdict && (verdict === 'admitted' || heardOf.reason === 'no_seat');
    return right ? [] : [`${scanId}: ${JSON.stringify(heardOf)} instead of ${verdict}`];
  });
}

/** Each scan stands in check-in's log once, as it was answered, and lies in Kafka. */
async function recorded(scanned: Scanned[]): Promise<string[]> {
  const wanted = new Map(scanned.map(({ scanId, verdict }) => [scanId, verdict]));
  const { rows } = await withDatabase((database) =>
    database.query('SELECT scan_id, verdict FROM check_in.scan_log WHERE scan_id = ANY($1::uuid[])', [
      [...wanted.keys()],
    ]),
  );
  const logged = new Map(rows.map((row) => [row.scan_id as string, row.verdict as string]));
  const published = new Set<string>();
  for await (const { headers, body } of topicEvents('checkIns')) {
    const event = body as { scanId?: string; verdict?: string };
    if (headers.ce_type !== 'scan.recorded.v1' || !event.scanId) continue;
    if (wanted.get(event.scanId) === event.verdict) published.add(event.scanId);
  }
  return [...wanted].flatMap(([scanId, verdict]) => [
    ...(logged.get(scanId) === verdict ? [] : [`${scanId} is logged as ${logged.get(scanId)}`]),
    ...(published.has(scanId) ? [] : [`${scanId} is not in Kafka`]),
  ]);
}
