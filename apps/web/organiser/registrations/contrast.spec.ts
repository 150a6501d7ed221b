import { contrast, textOn } from './contrast';

describe('text on a colour', () => {
  it('is measured as WCAG has it', () => {
    expect(contrast('#000000', '#FFFFFF')).toBeCloseTo(21, 5);
    expect(contrast('#2446B5', '#2446B5')).toBe(1);
  });

  it.each([
    ['#2446B5', '#FFFFFF'],
    ['#F28C28', '#15181E'],
    ['#15181E', '#FFFFFF'],
    ['#9BD6FF', '#15181E'],
    ['#0A6A4C', '#FFFFFF'],
    ['#D5D9E0', '#15181E'],
    ['#FFE14D', '#15181E'],
    ['#8E0A1C', '#FFFFFF'],
  ])('on %s is %s, and can be read', (colour, expected) => {
    expect(textOn(colour)).toBe(expected);
    expect(contrast(colour, textOn(colour))).toBeGreaterThanOrEqual(4.5);
  });
});
