import { defaultCategories } from '@plenary/contracts';
import fc from 'fast-check';
import { contrast, inkOn } from './contrast';

describe('the ink on a colour', () => {
  it.each([
    ['#2446B5', '#ffffff'],
    ['#F28C28', '#15181e'],
    ['#15181E', '#ffffff'],
    ['#9BD6FF', '#15181e'],
    ['#0A6A4C', '#ffffff'],
    ['#D5D9E0', '#15181e'],
    ['#FFE14D', '#15181e'],
    ['#8E0A1C', '#ffffff'],
  ])('on %s is %s, and can be read', (colour, ink) => {
    expect(inkOn(colour)).toBe(ink);
    expect(contrast(colour, inkOn(colour))).toBeGreaterThanOrEqual(4.5);
  });

  it('is measured as WCAG has it', () => {
    expect(contrast('#000000', '#FFFFFF')).toBeCloseTo(21, 5);
    expect(contrast('#2446B5', '#2446B5')).toBe(1);
  });

  it('is read well on the colours that a conference starts with', () => {
    for (const { colour } of defaultCategories) expect(contrast(colour, inkOn(colour))).toBeGreaterThanOrEqual(4.5);
  });

  it('is never the worse of the two, and never below 4.2', () => {
    const colour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);
    fc.assert(
      fc.property(colour, (any) => {
        const best = Math.max(contrast(any, '#ffffff'), contrast(any, '#15181e'));
        expect(contrast(any, inkOn(any))).toBe(best);
        expect(best).toBeGreaterThan(4.2);
      }),
    );
  });
});
