import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(argon2);
/** OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB, 2 passes, 1 lane. */
const current = { memory: 19_456, passes: 2, parallelism: 1 };
const tagLength = 32;
/** At most this many at once: each takes 19 MiB and a thread of the pool. */
const atOnce = 2;

/** A PHC string: `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const tag = await digest(password, salt, current);
  const { memory, passes, parallelism } = current;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`;
}

/**
 * Is this the password? Takes as long where there is no account or no password yet (`stored` null), so that the time
 * tells nothing.
 */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  const parts = stored === null ? undefined : parse(stored);
  const { salt, tag, parameters } = parts ?? {
    salt: Buffer.alloc(16),
    tag: Buffer.alloc(tagLength),
    parameters: current,
  };
  const computed = await digest(password, salt, parameters);
  return timingSafeEqual(computed, tag) && parts !== undefined;
}

/** Was it hashed with other parameters than today's? */
export function isOutdated(stored: string): boolean {
  const parameters = parse(stored)?.parameters;
  return (
    !parameters || Object.entries(current).some(([name, value]) => parameters[name as keyof typeof current] !== value)
  );
}

function parse(stored: string) {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]{43})$/.exec(stored);
  if (!match) return undefined;
  const [, memory, passes, parallelism, salt, tag] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  return {
    parameters: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
}

const unpadded = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');

let running = 0;
const queue: (() => void)[] = [];
async function digest(password: string, salt: Buffer, parameters: typeof current): Promise<Buffer> {
  if (running >= atOnce) await new Promise<void>((start) => queue.push(start));
  else running += 1;
  try {
    return await derive('argon2id', { message: password.normalize('NFC'), nonce: salt, tagLength, ...parameters });
  } finally {
    const next = queue.shift();
    if (next) next();
    else running -= 1;
  }
}
