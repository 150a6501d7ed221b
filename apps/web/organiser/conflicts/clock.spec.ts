import { clockOf } from './clock';

it.each([
  [null, 'unknown', 0, 0],
  [0, 'right', 0, 0],
  [-1_400, 'right', 0, 1],
  [-7 * 60_000 - 4_000, 'fast', 7, 4],
  [90_000, 'slow', 1, 30],
])('an offset of %s ms: the clock is %s', (offset, stands, minutes, seconds) => {
  expect(clockOf(offset)).toEqual({ stands, minutes, seconds });
});
