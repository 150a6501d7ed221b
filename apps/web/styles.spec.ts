import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contrast } from './shell/contrast';

const css = readFileSync(join(__dirname, 'styles.css'), 'utf8');
const [light, dark] = [...css.matchAll(/:root \{([^}]*)\}/g)].map(([, block]) =>
  Object.fromEntries(
    [...(block as string).matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, name, hex]) => [name, hex]),
  ),
) as [Record<string, string>, Record<string, string>];

const grounds = ['paper', 'canvas', 'sunk'];
const pairs = [
  ...['ink', 'ink-2', 'accent', 'ok', 'warn', 'bad', 'info'].flatMap((text) => grounds.map((on) => [text, on, 4.5])),
  ...['ok', 'warn', 'bad', 'info'].map((state) => [state, `${state}-soft`, 4.5]),
  ['accent', 'accent-soft', 4.5],
  ['ink', 'accent-soft', 4.5],
  ['accent-ink', 'accent', 4.5],
  ...grounds.map((on) => ['edge', on, 3]),
  ...grounds.map((on) => ['focus', on, 3]),
] as [string, string, number][];

describe.each([
  ['light', light],
  ['dark', dark],
])('the tokens of the %s scheme', (_, tokens) => {
  it.each(pairs)('%s on %s has a contrast of at least %d', (text, ground, least) => {
    expect(contrast(tokens[text] as string, tokens[ground] as string)).toBeGreaterThanOrEqual(least);
  });
});

it('both schemes define the same tokens', () => {
  expect(Object.keys(dark).sort()).toEqual(Object.keys(light).sort());
});

it('a wall, dark in every scheme, has the colours of the dark one', () => {
  const wall = readFileSync(join(__dirname, 'organiser/wall/wall.css'), 'utf8');
  const tokens = Object.fromEntries(
    [...wall.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, name, hex]) => [name, hex]),
  );
  expect(tokens).toEqual(dark);
});
