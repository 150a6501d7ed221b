import { newSubForum, subForumScheduled } from '@plenary/contracts';
import fc from 'fast-check';
import { codeOf, compareProgramme, type Diff, type Planned, plan, type Standing } from './programme.rules';
import type { Talk } from './talks';

const conference = { startsOn: '2026-05-21', endsOn: '2026-05-22' };

const talk = (change: Partial<Talk> = {}): Talk => ({
  line: 1,
  guid: 'g1',
  day: '2026-05-21',
  startsAt: '2026-05-21T08:00:00.000Z',
  endsAt: '2026-05-21T08:30:00.000Z',
  room: 'Hall 1',
  track: 'Energy',
  title: 'On grids',
  chinese: false,
  abstract: 'Of wires.',
  persons: ['Ada'],
  ...change,
});

/** What would stand after the diff was applied, without a database. */
function applied(diff: Diff): Standing[] {
  const standing = (id: string, code: string, guids: string[], settings: unknown): Standing => ({
    id,
    code,
    state: 'scheduled',
    guids,
    settings: JSON.parse(JSON.stringify(settings)),
  });
  return [
    ...diff.created.map((one) =>
      standing(`id ${one.code}`, one.code, one.guids, newSubForum.parse({ ...one.settings, code: one.code })),
    ),
    ...diff.changed.map((one) => standing(one.standing.id, one.standing.code, one.planned.guids, one.settings)),
    ...diff.unchanged.map((one) => ({ ...one.standing, guids: one.planned.guids })),
    ...diff.removed,
  ];
}
const importOf = (talks: Talk[], standing: Standing[] = []) =>
  compareProgramme(plan(talks).planned, standing, conference);
/** Without lines, which are the file's alone. */
const essence = (diff: Diff) =>
  JSON.parse(JSON.stringify(diff, (name, value) => (name === 'line' ? undefined : value)));

describe('plan', () => {
  it('makes a sub-forum of each day, room and track, its talks the sessions in order', () => {
    const { planned, faults } = plan([
      talk({ guid: 'b', startsAt: '2026-05-21T09:00:00.000Z', endsAt: '2026-05-21T10:00:00.000Z', title: 'Later' }),
      talk({ guid: 'a' }),
      talk({ guid: 'c', track: 'Water' }),
      talk({ guid: 'd', day: '2026-05-22' }),
    ]);
    expect(faults).toEqual([]);
    expect(planned.map((one) => one.code)).toEqual([
      '2026-05-21.hall-1.energy',
      '2026-05-21.hall-1.water',
      '2026-05-22.hall-1.energy',
    ]);
    expect(planned[0]?.settings).toMatchObject({
      title: { en: 'Energy' },
      startsAt: '2026-05-21T08:00:00.000Z',
      endsAt: '2026-05-21T10:00:00.000Z',
      sessions: [
        { title: { en: 'On grids' }, abstract: { en: 'Of wires.' }, speakers: [{ name: 'Ada' }] },
        { title: { en: 'Later' } },
      ],
    });
  });

  it('shows a Chinese title under both languages', () => {
    const [one] = plan([talk({ chinese: true, track: '能源', title: '电网' })]).planned;
    expect(one?.settings.title).toEqual({ en: '能源', 'zh-CN': '能源' });
    expect(one?.settings.sessions[0]?.title).toEqual({ en: '电网', 'zh-CN': '电网' });
  });

  it('names the room where talks have no track, and says so', () => {
    const diff = importOf([talk({ track: null })]);
    expect(diff.created[0]).toMatchObject({
      code: '2026-05-21.hall-1',
      settings: { title: { en: 'Hall 1' }, track: null },
    });
    expect(diff.problems).toMatchObject([{ line: 1, code: 'no_track' }]);
  });

  it('refuses two tracks of one room that differ in spelling only', () => {
    expect(plan([talk({ line: 4 }), talk({ line: 9, guid: 'g2', track: 'energy' })]).faults).toMatchObject([
      { line: 9, code: 'spelled_differently' },
    ]);
  });
});

describe('codeOf', () => {
  it.each([
    ['K.4.201', 'eBPF', '2026-05-21.k-4-201.ebpf'],
    ['H.1308 (Rolin)', 'HPC, Big Data & Data Science', '2026-05-21.h-1308-rolin.hpc-big-data-data-science'],
    ['Salle Été', null, '2026-05-21.salle-ete'],
  ])('%s, %s', (room, track, code) => expect(codeOf('2026-05-21', room, track)).toBe(code));

  it('tells names apart that lose what tells them apart', () => {
    const codes = ['C', 'C++', 'C#', '能源', '水'].map((track) => codeOf('2026-05-21', '会议室', track));
    expect(new Set(codes).size).toBe(5);
  });

  it('fits the contract whatever it is made of', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 }),
        fc.option(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 })),
        (room, track) => {
          expect(codeOf('2026-05-21', room, track)).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
        },
      ),
    );
  });
});

describe('compareProgramme', () => {
  const first = applied(importOf([talk(), talk({ guid: 'g2', title: 'Two', room: 'Hall 2' })]));

  it('names the settings that differ', () => {
    const diff = importOf(
      [talk({ endsAt: '2026-05-21T09:00:00.000Z' }), talk({ guid: 'g2', title: 'Two', room: 'Hall 2' })],
      first,
    );
    expect(diff.changed.map(({ standing, differs }) => [standing.code, differs])).toEqual([
      ['2026-05-21.hall-1.energy', ['endsAt', 'sessions']],
    ]);
    expect(diff).toMatchObject({ created: [], removed: [] });
  });

  it('follows talks into another room, and again with the same file', () => {
    const moved = [talk({ room: 'Hall 9' }), talk({ guid: 'g2', title: 'Two', room: 'Hall 2' })];
    const diff = importOf(moved, first);
    expect(diff).toMatchObject({
      created: [],
      removed: [],
      changed: [{ standing: { code: '2026-05-21.hall-1.energy' }, differs: ['room'] }],
    });
    expect(importOf(moved, applied(diff))).toMatchObject({ created: [], removed: [], changed: [] });
  });

  it('says what is absent and cancels nothing', () => {
    const diff = importOf([talk()], first);
    expect(diff.removed.map((one) => one.code)).toEqual(['2026-05-21.hall-2.energy']);
  });

  it('leaves alone what was made by hand', () => {
    const byHand: Standing = { ...(first[0] as Standing), id: 'own', code: 'own', guids: null };
    expect(importOf([talk(), talk({ guid: 'g2', title: 'Two', room: 'Hall 2' })], [...first, byHand])).toMatchObject({
      removed: [],
      changed: [],
      created: [],
    });
  });

  it('keeps what people added: capacity, another language, who a speaker is', () => {
    const registrationId = '019a0000-0000-7000-8000-000000000001';
    const edited = first.map((one) => ({
      ...one,
      settings: {
        ...one.settings,
        capacity: 30,
        title: { ...one.settings.title, 'zh-CN': '能源' },
        sessions: one.settings.sessions.map((session) => ({
          ...session,
          speakers: session.speakers.map((speaker) => ({ ...speaker, registrationId })),
        })),
      },
    }));
    const same = importOf([talk(), talk({ guid: 'g2', title: 'Two', room: 'Hall 2' })], edited);
    expect(same).toMatchObject({ created: [], changed: [], unchanged: [{}, {}] });
    const diff = importOf([talk({ abstract: 'New.' }), talk({ guid: 'g2', title: 'Two', room: 'Hall 2' })], edited);
    expect(diff.changed[0]?.settings).toMatchObject({
      capacity: 30,
      title: { en: 'Energy', 'zh-CN': '能源' },
      sessions: [{ abstract: { en: 'New.' }, speakers: [{ name: 'Ada', registrationId }] }],
    });
  });

  it('does not bring a cancelled one back', () => {
    const cancelled = first.map((one) => ({ ...one, state: 'cancelled' as const }));
    const diff = importOf([talk({ title: 'Other' })], cancelled);
    expect(diff).toMatchObject({ created: [], changed: [], removed: [], problems: [{ code: 'cancelled' }] });
  });

  it('tells of two talks in one room at one time, and of days outside', () => {
    const diff = importOf([talk(), talk({ guid: 'g2', track: 'Water', day: '2026-05-23' })]);
    expect(diff.problems.map((one) => one.code)).toEqual(['outside_conference', 'room_taken']);
  });
});

const minute = Date.parse('2026-05-21T08:00:00Z');
const someTalk = fc
  .record({
    day: fc.constantFrom('2026-05-21', '2026-05-22'),
    room: fc.constantFrom('Hall 1', 'K.4', '会议室'),
    track: fc.constantFrom(null, 'Energy', 'C++', 'C#', '能源'),
    start: fc.nat(10),
    length: fc.integer({ min: 1, max: 6 }),
    title: fc.constantFrom('On grids', 'Q&A', 'On water', '电网'),
    abstract: fc.constantFrom('', 'Of wires.', 'Of pipes.'),
    persons: fc.uniqueArray(fc.constantFrom('Ada', 'Grace', '李明'), { maxLength: 2 }),
    chinese: fc.boolean(),
  })
  .map(
    ({ start, length, ...rest }): Omit<Talk, 'guid' | 'line'> => ({
      ...rest,
      startsAt: new Date(minute + start * 300_000).toISOString(),
      endsAt: new Date(minute + (start + length) * 300_000).toISOString(),
    }),
  );
const file = fc
  .array(someTalk, { minLength: 1, maxLength: 25 })
  .map((talks) => talks.map((one, index): Talk => ({ ...one, guid: `g${index}`, line: index + 1 })));

describe('any file', () => {
  it('gives the same diff in any order of its talks', () => {
    fc.assert(
      fc.property(
        file.chain((talks) =>
          fc.record({ talks: fc.constant(talks), other: fc.shuffledSubarray(talks, { minLength: talks.length }) }),
        ),
        file,
        ({ talks, other }, earlier) => {
          const standing = applied(importOf(earlier));
          expect(essence(importOf(other, standing))).toEqual(essence(importOf(talks, standing)));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('changes nothing the second time, whatever stood before', () => {
    fc.assert(
      fc.property(file, file, (earlier, talks) => {
        const standing = applied(importOf(talks, applied(importOf(earlier))));
        const again = importOf(talks, standing);
        expect({ created: again.created, changed: again.changed }).toEqual({ created: [], changed: [] });
        expect(again.unchanged.length).toBe(plan(talks).planned.length);
      }),
      { numRuns: 300 },
    );
  });

  it('accounts for every talk and every sub-forum, and what it writes fits the contract', () => {
    fc.assert(
      fc.property(file, file, (earlier, talks) => {
        const standing = applied(importOf(earlier));
        const diff = importOf(talks, standing);
        const planned: Planned[] = plan(talks).planned;
        expect(planned.flatMap((one) => one.guids).sort()).toEqual(talks.map((one) => one.guid).sort());
        expect(diff.created.length + diff.changed.length + diff.unchanged.length).toBe(planned.length);
        expect(diff.changed.length + diff.unchanged.length + diff.removed.length).toBe(standing.length);
        for (const one of applied(diff)) {
          const body = {
            ...one.settings,
            version: 1,
            subForumId: '019a0000-0000-7000-8000-000000000001',
            conferenceId: '019a0000-0000-7000-8000-000000000002',
            state: one.state,
            at: '2026-05-21T08:00:00Z',
          };
          expect(subForumScheduled.body.safeParse(body).error?.issues).toBeUndefined();
        }
      }),
      { numRuns: 150 },
    );
  });
});
