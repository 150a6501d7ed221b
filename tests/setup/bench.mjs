// `npm run bench`: builds the system where sources changed, compiles the load tests beside it, runs them on this Node.
// They stay out of `npm run build`: nothing of them belongs into an image.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { dirname, join, resolve } from 'node:path';
import swc from '@swc/core';
import { buildIfNeeded } from '../../deploy/local/build.mjs';

const root = resolve(import.meta.dirname, '../..');
const { exclude: _specs, ...settings } = JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8'));
const { paths } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')).compilerOptions;
const options = { ...settings, swcrc: false, sourceMaps: 'inline', jsc: { ...settings.jsc, baseUrl: root, paths } };

try {
  buildIfNeeded((what) => process.stdout.write(`${what}\n`));
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
const sources = readdirSync(join(root, 'tests/load'), { recursive: true })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join('tests/load', name));
for (const source of [...sources, 'tests/setup/bench-stack.ts', 'tests/browser/chromium.ts']) {
  const target = join(root, 'dist', source.replace(/\.ts$/, '.js'));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, swc.transformFileSync(join(root, source), options).code);
}

const main = join(root, 'dist/tests/load/bench.js');
process.argv.splice(1, 1, main);
Module.runMain(main);
