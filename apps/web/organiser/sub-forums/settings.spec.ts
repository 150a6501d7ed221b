import type { SubForum } from '@plenary/contracts';
import { carriedOver, changedMeanwhile, changeOf, draftOf } from './settings';

const stored = {
  capacity: 120,
  roomCap: null,
  walkIn: 'off',
  reEntry: true,
  state: 'scheduled',
  releaseNoShowsAfterMinutes: null,
} as SubForum;

it('a form as it was read changes nothing', () => {
  expect(changeOf(draftOf(stored), stored)).toEqual({ change: {}, wrong: [] });
  const full = { ...stored, capacity: null, roomCap: 80, state: 'closed', releaseNoShowsAfterMinutes: 0 } as SubForum;
  expect(changeOf(draftOf(full), full)).toEqual({ change: {}, wrong: [] });
});

it('sends what differs and nothing else', () => {
  const draft = { ...draftOf(stored), capacity: ' 150 ', open: false };
  expect(changeOf(draft, stored)).toEqual({ change: { capacity: 150, state: 'closed' }, wrong: [] });
});

it('no limit is a box, an empty capacity is no answer', () => {
  expect(changeOf({ ...draftOf(stored), noLimit: true, capacity: '' }, stored)).toEqual({
    change: { capacity: null },
    wrong: [],
  });
  expect(changeOf({ ...draftOf(stored), capacity: '' }, stored)).toEqual({ change: {}, wrong: ['capacity'] });
});

it.each(['-1', '1.5', 'many', '1e3', '1000001'])('%j is no capacity', (capacity) => {
  expect(changeOf({ ...draftOf(stored), capacity }, stored).wrong).toEqual(['capacity']);
});

it('an empty room cap and empty minutes are nothing', () => {
  const other = { ...stored, roomCap: 80, releaseNoShowsAfterMinutes: 10 } as SubForum;
  expect(changeOf({ ...draftOf(other), roomCap: '', noShowMinutes: '' }, other)).toEqual({
    change: { roomCap: null, releaseNoShowsAfterMinutes: null },
    wrong: [],
  });
  expect(changeOf({ ...draftOf(stored), noShowMinutes: '1441' }, stored).wrong).toEqual(['releaseNoShowsAfterMinutes']);
});

it('keeps own changes on top of what others have changed', () => {
  const now = { ...stored, capacity: 140, walkIn: 'always' } as SubForum;
  expect(changedMeanwhile(stored, now)).toEqual(['capacity', 'walkIn']);
  const mine = { ...draftOf(stored), capacity: '150' };
  expect(carriedOver(mine, stored, now)).toEqual({ ...draftOf(now), capacity: '150' });
});
