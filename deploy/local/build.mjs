// Builds when a source file has changed since the last build. Plain JavaScript: it runs before anything is compiled.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = resolve(import.meta.dirname, '../..');
const stamp = join(root, 'dist/.built');
const inputs = ['apps', 'libs', 'deploy', 'package.json', 'nest-cli.json', 'tsconfig.json', '.swcrc'];

/** Runs `npm run build` unless the sources are those of the last build; throws when the build fails. */
export function buildIfNeeded(say = () => {}) {
  const now = fingerprint();
  if (now === lastBuild()) return;
  say('building');
  const npm = process.env.npm_execpath;
  const built = npm
    ? spawnSync(process.execPath, [npm, 'run', '--silent', 'build'], { cwd: root, encoding: 'utf8' })
    : spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, encoding: 'utf8' });
  if (built.status !== 0) {
    const said = `${built.error?.message ?? ''}${built.stdout ?? ''}${built.stderr ?? ''}`;
    const lines = said.split('\n').filter((line) => line.trim() && !line.startsWith('Successfully compiled'));
    throw new Error(`The build failed.\n${lines.join('\n')}`);
  }
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stamp, now);
}

function lastBuild() {
  try {
    return readFileSync(stamp, 'utf8');
  } catch {
    return undefined;
  }
}

function fingerprint() {
  const hash = createHash('sha256');
  const take = (path) => {
    const info = statSync(path, { throwIfNoEntry: false });
    if (info?.isDirectory()) {
      for (const name of readdirSync(path).sort()) if (name !== 'node_modules') take(join(path, name));
    } else if (info) {
      hash.update(`${path} ${info.size} ${info.mtimeMs}\n`);
    }
  };
  for (const input of inputs) take(join(root, input));
  return hash.digest('hex');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    buildIfNeeded();
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
