import { enrolmentAddresses, inGroups, timeLeft } from './enrolment';

describe('an enrolment code', () => {
  it.each(['7KQ2-M0XD-93TV', '7kq2m0xd93tv', '7KQ2 M0XD 93TV'])('%s is read in groups', (code) => {
    expect(inGroups(code)).toBe('7KQ2 M0XD 93TV');
  });

  it('is part of the address that the door opens', () => {
    expect(enrolmentAddresses('https://a.example', '7KQ2-M0XD-93TV')).toEqual({
      open: 'https://a.example/door',
      enrol: 'https://a.example/door#enrol=7KQ2-M0XD-93TV',
    });
  });

  it.each([
    [600_000, '10:00'],
    [59_400, '1:00'],
    [4_001, '0:05'],
    [0, '0:00'],
    [-5_000, '0:00'],
  ])('%i ms are left: %s', (left, expected) => {
    const now = Date.parse('2026-05-21T08:00:00Z');
    expect(timeLeft(new Date(now + left).toISOString(), now)).toBe(expected);
  });
});
