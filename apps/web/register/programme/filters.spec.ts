import type { SubForumCard } from '@plenary/contracts';
import { daysOf, groupsOf, openingDay } from './days';
import { filtered, filtersIn, isFiltered, valuesOf } from './filters';

const now = Date.UTC(2026, 4, 20);
const card = (id: string, differs: Partial<SubForumCard> = {}) =>
  ({
    id,
    code: id,
    title: { en: `Sub-forum ${id}` },
    track: null,
    room: '3F 302',
    floor: '3F',
    startsAt: '2026-05-21T01:00:00Z',
    endsAt: '2026-05-21T03:00:00Z',
    admission: 'seat',
    capacity: 100,
    seatsLeft: 50,
    waitlisted: 0,
    state: 'scheduled',
    ...differs,
  }) as SubForumCard;
const water = card('water', { title: { en: 'Smart Water', 'zh-CN': '智慧水务' }, track: 'Énergie' });
const ports = card('ports', { room: '2F 210', startsAt: '2026-05-21T02:00:00Z', endsAt: '2026-05-21T05:00:00Z' });
const late = card('late', { startsAt: '2026-05-21T05:00:00Z', endsAt: '2026-05-21T06:00:00Z' });
const next = card('next', { startsAt: '2026-05-22T01:00:00Z', endsAt: '2026-05-22T03:00:00Z' });
const all = [water, ports, late, next];
const found = (query: string, chosen: SubForumCard[] = []) =>
  filtered(all, filtersIn(new URLSearchParams(query)), chosen, now).map(({ id }) => id);

describe('filters', () => {
  it('find words in either language, in any case, with or without accents, all of them', () => {
    expect(found('q=WATER')).toEqual(['water']);
    expect(found('q=水务')).toEqual(['water']);
    expect(found('q=energie smart')).toEqual(['water']);
    expect(found('q=energie ports')).toEqual([]);
    expect(found('q=210')).toEqual(['ports']);
    expect(found('q=  ')).toHaveLength(4);
  });

  it('narrow to a track and a room', () => {
    expect(found('track=Énergie')).toEqual(['water']);
    expect(found('room=2F 210')).toEqual(['ports']);
    expect(found('room=gone')).toEqual([]);
  });

  it('"what fits" keeps the plan, what touches it, and nothing that clashes or takes nobody', () => {
    expect(found('fits=1', [ports])).toEqual(['ports', 'late', 'next']);
    expect(filtered([card('off', { state: 'cancelled' })], filtersIn(new URLSearchParams('fits=1')), [], now)).toEqual(
      [],
    );
  });

  it('know whether they narrow anything', () => {
    expect(isFiltered(filtersIn(new URLSearchParams('day=2026-05-21')))).toBe(false);
    for (const query of ['q=a', 'track=a', 'room=a', 'fits=1']) {
      expect(isFiltered(filtersIn(new URLSearchParams(query)))).toBe(true);
    }
  });

  it('list values once, numbers as numbers', () => {
    expect(valuesOf(['Hall 10', null, 'Hall 9', 'Hall 10'], 'en')).toEqual(['Hall 9', 'Hall 10']);
  });
});

describe('days', () => {
  const zone = 'Asia/Shanghai';
  it('are those on which something starts, at the venue', () => {
    expect(daysOf(all, zone)).toEqual(['2026-05-21', '2026-05-22']);
    expect(daysOf([card('night', { startsAt: '2026-05-21T16:30:00Z' })], zone)).toEqual(['2026-05-22']);
  });

  it('open with the wished one, else today, else the first', () => {
    const open = (wished: string | null, at: string) =>
      openingDay(daysOf(all, zone), wished, all, zone, Date.parse(at));
    expect(open('2026-05-22', '2026-05-21T02:00:00Z')).toBe('2026-05-22');
    expect(open('1999-01-01', '2026-05-22T02:00:00Z')).toBe('2026-05-22');
    expect(open(null, '2026-01-01T00:00:00Z')).toBe('2026-05-21');
    expect(openingDay([], null, [], zone, now)).toBeUndefined();
  });

  it('open with yesterday while what began then still runs after midnight', () => {
    const night = card('night', { startsAt: '2026-05-21T14:00:00Z', endsAt: '2026-05-21T18:00:00Z' });
    expect(openingDay(['2026-05-20', '2026-05-21'], null, [night], zone, Date.parse('2026-05-21T17:00:00Z'))).toBe(
      '2026-05-21',
    );
  });

  it('group by start, with breaks in their place and none outside the day', () => {
    const pause = (from: string, to: string) => ({ startsAt: from, endsAt: to, name: { en: 'Lunch' } });
    const lunch = pause('2026-05-21T05:00:00Z', '2026-05-21T05:30:00Z');
    const other = pause('2026-05-22T05:00:00Z', '2026-05-22T05:30:00Z');
    const groups = groupsOf([water, ports, late, card('also')], [lunch, other]);
    expect(groups.map((one) => (one.kind === 'break' ? 'break' : one.subForums.map(({ id }) => id)))).toEqual([
      ['water', 'also'],
      ['ports'],
      'break',
      ['late'],
    ]);
  });
});
