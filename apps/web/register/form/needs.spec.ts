import { needsFrom, needsText } from './needs';

describe('needs', () => {
  it.each([
    [{ wheelchair: false, signLanguage: false, other: '' }, ''],
    [{ wheelchair: true, signLanguage: false, other: '  ' }, 'Wheelchair access / 轮椅通行'],
    [
      { wheelchair: true, signLanguage: true, other: 'No nuts.\nNo shellfish.' },
      'Wheelchair access / 轮椅通行\nSign language / 手语翻译\nNo nuts.\nNo shellfish.',
    ],
  ])('makes one text of %j', (needs, text) => {
    expect(needsText(needs)).toBe(text);
    expect(needsFrom(text)).toEqual({ ...needs, other: needs.other.trim() });
  });

  it('takes a text that somebody else wrote for other needs', () => {
    expect(needsFrom('A seat near the door')).toEqual({
      wheelchair: false,
      signLanguage: false,
      other: 'A seat near the door',
    });
    expect(needsFrom(undefined).other).toBe('');
  });
});
