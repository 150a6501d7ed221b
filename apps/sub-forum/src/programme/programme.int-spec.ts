import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Conference, type ProgrammeDiff, type SubForum, topics } from '@plenary/contracts';
import { fosdem2025 } from '@plenary/testing';
import { type Reply, World } from '../sub-forum.test-world';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world?.close());

const small = readFileSync(join(__dirname, '../../fixtures/small.frab.xml'), 'utf8');
const smallJson = readFileSync(join(__dirname, '../../fixtures/small.pretalx.json'), 'utf8');

async function importInto(
  conference: Conference,
  file: string | Uint8Array,
  options: { format?: string; dryRun?: boolean; token?: string } = {},
): Promise<Reply> {
  const { format = 'frab-xml', dryRun = false, token = world.admin } = options;
  const path = `/conferences/${conference.slug}/programme?format=${format}${dryRun ? '&dryRun=true' : ''}`;
  return world.call('POST', path, { token, body: typeof file === 'string' ? Buffer.from(file) : file });
}
async function listed(conference: Conference): Promise<SubForum[]> {
  return (await world.call('GET', `/conferences/${conference.slug}/sub-forums`)).body.items;
}
const scheduled = async (subForums: SubForum[]) => {
  const ids = new Set(subForums.map((one) => one.id));
  return (await world.told(topics.subForums.name))
    .filter((event) => ids.has(event.subject))
    .map((event) => event.body.version);
};

describe('FOSDEM 2025', () => {
  it('comes in whole, and the same file again changes nothing', async () => {
    const conference = await world.conference({
      startsOn: '2025-02-01',
      endsOn: '2025-02-02',
      timeZone: 'Europe/Brussels',
    });
    const organiser = await world.staff('organiser', conference.id);
    const foreseen = await importInto(conference, fosdem2025(), { dryRun: true, token: organiser });
    expect(foreseen).toMatchObject({
      status: 200,
      body: { dryRun: true, changed: [], removed: [], unchanged: 0, problems: [] },
    });
    expect(await listed(conference)).toEqual([]);

    const began = performance.now();
    const { body } = await importInto(conference, fosdem2025(), { token: organiser });
    console.log(`FOSDEM 2025 imported in ${Math.round(performance.now() - began)} ms`);
    const diff = body as ProgrammeDiff;
    expect(diff.created).toHaveLength(88);
    expect(diff.created.reduce((sum, one) => sum + one.sessions, 0)).toBe(1105);
    expect(diff.created.map(({ subForumId: _, ...one }) => one)).toEqual(
      (foreseen.body as ProgrammeDiff).created.map(({ subForumId: _, ...one }) => one),
    );
    const subForums = await listed(conference);
    expect(subForums).toHaveLength(88);
    expect(new Set(subForums.map((one) => one.room)).size).toBe(35);
    expect(subForums.find((one) => one.code === '2025-02-01.janson.keynotes')).toMatchObject({
      title: { en: 'Keynotes' },
      startsAt: '2025-02-01T08:30:00.000Z',
      capacity: null,
      sessions: [
        {
          title: { en: 'Welcome to FOSDEM 2025' },
          speakers: [{ name: 'FOSDEM Staff' }, { name: 'Richard "RichiH" Hartmann' }],
        },
        {},
        {},
        {},
        {},
        {},
        {},
      ],
    });
    expect(await scheduled(subForums)).toEqual(Array.from({ length: 88 }, () => 1));

    const again = await importInto(conference, fosdem2025(), { token: organiser });
    expect(again.body).toEqual({ dryRun: false, created: [], changed: [], removed: [], unchanged: 88, problems: [] });
    expect(await scheduled(subForums)).toHaveLength(88);
    expect(await listed(conference)).toEqual(subForums);
  }, 60_000);
});

describe('an import', () => {
  it('is the same from either format', async () => {
    const conference = await world.conference();
    await importInto(conference, small);
    const { body } = await importInto(conference, smallJson, { format: 'pretalx-json' });
    expect(body).toMatchObject({ created: [], changed: [], removed: [], unchanged: 2 });
    expect((await listed(conference)).map((one) => [one.room, one.title])).toEqual([
      ['Hall 1 & 2', { en: 'Energy' }],
      ['会议室', { en: '能源', 'zh-CN': '能源' }],
    ]);
  });

  it('changes what differs, keeps seats and settings, and cancels nothing by absence', async () => {
    const conference = await world.conference({ startsOn: '2126-05-21', endsOn: '2126-05-22' });
    const coming = small.replaceAll('2026-05', '2126-05');
    await importInto(conference, coming);
    const [energy] = (await listed(conference)) as [SubForum];
    await world.change(energy.id, { capacity: 40, walkIn: 'always' });
    await world.seat({ ...energy, capacity: 40 }, 2);

    const moved = coming
      .replaceAll('Hall 1 &amp; 2', 'Hall 7')
      .replace('<event id="3">', '<event id="9">')
      .replace('>能源<', '>水<');
    const { body } = await importInto(conference, moved);
    expect(body).toMatchObject({
      created: [{ title: { en: '水' } }],
      changed: [{ subForumId: energy.id, code: energy.code, room: 'Hall 7', differs: ['room'] }],
      removed: [{ title: { en: '能源' } }],
      unchanged: 0,
    });
    expect((await world.call('GET', `/sub-forums/${energy.id}`)).body).toMatchObject({
      room: 'Hall 7',
      capacity: 40,
      walkIn: 'always',
      confirmed: 2,
      state: 'scheduled',
    });
    expect((await listed(conference)).map((one) => one.state)).toEqual(['scheduled', 'scheduled', 'scheduled']);
    const again = await importInto(conference, moved);
    expect(again.body).toMatchObject({ created: [], changed: [], removed: [{ title: { en: '能源' } }], unchanged: 2 });
  });

  it('run twice at once, writes once', async () => {
    const conference = await world.conference();
    const both = await Promise.all([importInto(conference, small), importInto(conference, small)]);
    expect(both.map(({ body }) => [body.created.length, body.unchanged]).sort()).toEqual([
      [0, 2],
      [2, 0],
    ]);
    expect(await listed(conference)).toHaveLength(2);
  });

  it.each([
    ['XML that is cut off', small.slice(0, 900), 'frab-xml', /^Line \d+: Not XML/],
    ['a talk that ends before it starts', small.replace('00:45', '-00:45'), 'frab-xml', /^Line 12: .*ends before/],
    ['a guid used twice', small.replace('"a2"', '"a1"'), 'frab-xml', /^Line 26: .*line 12 already/],
    ['no talk at all', '<schedule></schedule>', 'frab-xml', /no talk/],
    ['JSON that is none', smallJson.replace('"a2",', '"a2"'), 'pretalx-json', /^Line 29: Not JSON/],
    ['the other format', small, 'pretalx-json', /^Line 1: Not JSON/],
    ['a compressed file', gzipSync(small), 'frab-xml', /compressed/],
    ['another encoding', Buffer.from(small.replace('Grids', 'Gr\u00fcn'), 'latin1'), 'frab-xml', /UTF-8/],
  ])('of %s is refused with line and cause, and changes nothing', async (_, file, format, message) => {
    const conference = await world.conference();
    await importInto(conference, small);
    const before = [await listed(conference), await world.told(topics.subForums.name)];
    const refused = await importInto(conference, file, { format });
    expect(refused).toMatchObject({ status: 422, body: { code: 'programme_invalid' } });
    expect(refused.body.errors[0].message).toMatch(message);
    expect([await listed(conference), await world.told(topics.subForums.name)]).toEqual(before);
  });

  it('is for organisers', async () => {
    const conference = await world.conference();
    expect((await importInto(conference, small, { token: await world.staff('desk', conference.id) })).status).toBe(403);
    const other = await world.conference();
    expect((await importInto(conference, small, { token: await world.staff('organiser', other.id) })).status).toBe(404);
    expect((await importInto(conference, small, { format: 'csv' })).status).toBe(400);
  });
});
