import type { ConferenceState } from '@plenary/contracts';
import { defaultForm, demandAnswers, demandOpen, type FormSettings, isOpen } from './form.rules';

const conference = {
  state: 'published',
  startsOn: '2026-05-20',
  endsOn: '2026-05-21',
  timeZone: 'Asia/Shanghai',
} as ConferenceState;
const lastMoment = new Date('2026-05-21T15:59:59.999Z');
const over = new Date('2026-05-21T16:00:00Z');

describe('the window', () => {
  const window: FormSettings = { ...defaultForm, opensAt: '2026-05-01T00:00:00Z', closesAt: '2026-05-10T00:00:00Z' };

  it('is open by default until the last day has ended where the conference is', () => {
    expect(isOpen(conference, defaultForm, lastMoment)).toBe(true);
    expect(isOpen(conference, defaultForm, over)).toBe(false);
  });

  it('opens at opensAt and is closed at closesAt', () => {
    const open = (time: string) => isOpen(conference, window, new Date(time));
    expect([open('2026-04-30T23:59:59.999Z'), open('2026-05-01T00:00:00Z')]).toEqual([false, true]);
    expect([open('2026-05-09T23:59:59.999Z'), open('2026-05-10T00:00:00Z')]).toEqual([true, false]);
  });

  it('does not bind the desk, which closes only when the conference is over or archived', () => {
    const closed = expect.objectContaining({ status: 409, code: 'registration_closed' });
    expect(() => demandOpen(conference, window, 'desk', lastMoment)).not.toThrow();
    expect(() => demandOpen(conference, window, 'self', lastMoment)).toThrow(closed);
    expect(() => demandOpen(conference, window, 'leader', lastMoment)).toThrow(closed);
    expect(() => demandOpen(conference, window, 'desk', over)).toThrow(closed);
    expect(() => demandOpen({ ...conference, state: 'archived' }, window, 'desk', lastMoment)).toThrow(closed);
  });

  it('says when, and hides a draft', () => {
    expect(() => demandOpen(conference, window, 'self', lastMoment)).toThrow(/2026-05-01T00:00:00Z until 2026-05-10/);
    expect(() => demandOpen({ ...conference, state: 'draft' }, defaultForm, 'self', lastMoment)).toThrow(
      expect.objectContaining({ status: 404 }),
    );
  });
});

describe('answers', () => {
  const form: FormSettings = {
    ...defaultForm,
    questions: [
      { key: 'diet', label: { en: 'Diet' }, required: true },
      { key: 'note', label: { en: 'Note' }, required: false },
    ],
  };
  it('demands the required ones and knows its questions', () => {
    expect(() => demandAnswers(form, { diet: 'none' })).not.toThrow();
    expect(() => demandAnswers(form, { diet: ' ' })).toThrow(expect.objectContaining({ code: 'answer_missing' }));
    expect(() => demandAnswers(form, { diet: 'none', shoe: '42' })).toThrow(
      expect.objectContaining({ code: 'question_unknown' }),
    );
  });
});
