import { dayAt, dayName, spanOf, timeOf } from './venue-time';

const shanghai = 'Asia/Shanghai';

it('names days as people do, in the zone of the venue', () => {
  expect(dayAt('2026-05-20T23:30:00Z', shanghai)).toBe('2026-05-21');
  expect([dayName('2026-05-21', 'en'), dayName('2026-05-21', 'zh-CN')]).toEqual(['Thu 21 May', '5月21日 (周四)']);
  expect(timeOf('2026-05-20T16:05:00Z', shanghai)).toBe('00:05');
});

it.each([
  ['2026-05-21T01:30:00Z', '2026-05-21T04:30:00Z', '09:30–12:30'],
  ['2026-05-21T13:00:00Z', '2026-05-21T16:00:00Z', '21:00–24:00'],
  ['2026-05-21T13:00:00Z', '2026-05-21T17:00:00Z', '21:00–Fri 22 May 01:00'],
  ['2026-05-20T16:00:00Z', '2026-05-21T16:00:00Z', '00:00–24:00'],
  ['2026-05-21T13:00:00Z', '2026-05-22T16:00:00Z', '21:00–Sat 23 May 00:00'],
])('from %s to %s is %s', (from, to, said) => {
  expect(spanOf(from, to, shanghai, 'en')).toBe(said);
});
