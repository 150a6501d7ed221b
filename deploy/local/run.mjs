// `node deploy/local/run.mjs <script> [arguments]`: builds if needed, then runs a compiled script with the addresses
// and secrets of the local system in its environment. What the environment names already is left as it is.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildIfNeeded } from './build.mjs';

const root = resolve(import.meta.dirname, '../..');
const stateDir = resolve(root, process.env.PLENARY_STATE_DIR ?? '.plenary');
const say = (what) => process.stdout.write(`${'plenary'.padEnd(12)} | ${what}\n`);

if (Number.parseInt(process.versions.node, 10) < 24) {
  console.error(`This is Node ${process.versions.node}; Plenary brings Node 24 along as the npm package "node".
Run "npm install" with install scripts allowed, and start things through "npm run".`);
  process.exit(1);
}

const script = process.argv[2];
if (!script) {
  console.error('usage: node deploy/local/run.mjs <script below dist/> [arguments]');
  process.exit(2);
}

try {
  buildIfNeeded(say);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

process.env.PLENARY_STATE_DIR = stateDir;
// The launcher itself decides what it starts; every other script meets the system as it was last started.
if (script !== 'deploy/local/start') {
  const settings = join(stateDir, 'environment.json');
  const known = existsSync(settings) ? JSON.parse(readFileSync(settings, 'utf8')) : {};
  for (const [name, value] of Object.entries(known)) process.env[name] ||= value;
}

const file = join(root, 'dist', `${script}.js`);
process.argv.splice(1, 2, file);
// Compiled scripts are CommonJS; loading them as the main module lets them see `require.main === module`.
const { default: Module } = await import('node:module');
Module.runMain(file);
