import { spawn } from 'node:child_process';
import { watch as watchFolder } from 'node:fs';
import { join, sep } from 'node:path';
import { projectRoot } from './project';
import type { Say } from './say';
import type { Stack } from './stack';

/** A burst of changes (an editor saving many files) is one. */
const SETTLE_MS = 200;

/** Rebuilds when a source changes, and restarts the services that it belongs to: all of them for a library. */
export function watch(stack: Stack, say: Say): void {
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let busy = false;

  const work = async () => {
    if (busy || changed.size === 0) return;
    busy = true;
    const paths = [...changed];
    changed.clear();
    if (await build(say)) {
      const names = [...stack.processes.keys()].filter((name) => paths.some((path) => concerns(path, name)));
      if (names.length > 0) say('dev', `restarting ${names.join(', ')}`);
      await Promise.all(names.map((name) => stack.processes.get(name)?.restart()));
      if (names.length > 0) say('dev', 'ready again');
      if (paths.some((path) => path.startsWith(join('deploy', 'local')))) {
        say('dev', 'the launcher itself changed: start it again to see that');
      }
    }
    busy = false;
    void work();
  };

  for (const top of ['apps', 'libs', 'deploy']) {
    watchFolder(join(projectRoot, top), { recursive: true }, (_event, name) => {
      if (!name || !/\.(tsx?|json|css|html)$/.test(name) || /\.(int-|e2e-)?spec\.ts$/.test(name)) return;
      changed.add(join(top, name));
      clearTimeout(timer);
      timer = setTimeout(work, SETTLE_MS);
    });
  }
  say('dev', 'watching apps, libs and deploy');
}

/** Whether a file belongs to a process (`badge-2` is `badge`'s second replica). */
export function concerns(path: string, process: string): boolean {
  if (process === 'postgres' || process === 'kafka') return false;
  const [top, part] = path.split(sep);
  // The gateway serves the web app, and reads it once.
  const app = part === 'web' ? 'gateway' : part;
  return top === 'libs' ? part !== 'testing' : top === 'apps' && process.replace(/-\d+$/, '') === app;
}

function build(say: Say): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(projectRoot, 'deploy/local/build.mjs')], {
      cwd: projectRoot,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.once('close', (code) => {
      if (code !== 0) say('dev', `${output.trim()}\n(what runs goes on with the last build)`);
      resolve(code === 0);
    });
  });
}
