import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ServiceName, services } from '@plenary/contracts';
import { StartError } from './say';

export interface Secrets {
  /** 32 random bytes each, base64url. */
  readonly linkKey: string;
  readonly badgeKey: string;
  readonly identityKey: string;
  /** Of the superuser of the PostgreSQL that the launcher starts. */
  readonly postgresPassword: string;
  /** Of each service's login role. */
  readonly rolePasswords: Record<ServiceName, string>;
  /** Names the Kafka cluster: 16 random bytes, base64url. */
  readonly kafkaClusterId: string;
}

const random = (bytes: number) => randomBytes(bytes).toString('base64url');

/** Not one that begins with a dash: Kafka's tools, also those in its image, would take it for an option. */
function clusterId(): string {
  for (;;) {
    const id = random(16);
    if (!id.startsWith('-')) return id;
  }
}

/** Reads `secrets.json` (mode 0600) of the state folder; what is missing in it is made and added. */
export function loadSecrets(stateDir: string): Secrets {
  const file = join(stateDir, 'secrets.json');
  const known = read(file);
  const secrets: Secrets = {
    linkKey: known.linkKey ?? random(32),
    badgeKey: known.badgeKey ?? random(32),
    identityKey: known.identityKey ?? random(32),
    postgresPassword: known.postgresPassword ?? random(24),
    rolePasswords: Object.fromEntries(
      services.map((service) => [service, known.rolePasswords?.[service] ?? random(24)]),
    ) as Record<ServiceName, string>,
    kafkaClusterId: known.kafkaClusterId ?? clusterId(),
  };
  mkdirSync(stateDir, { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  chmodSync(`${file}.new`, 0o600);
  renameSync(`${file}.new`, file);
  return secrets;
}

function read(file: string): Partial<Secrets> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  try {
    return JSON.parse(text) as Partial<Secrets>;
  } catch {
    throw new StartError(
      `${file} is not JSON any more. Restore it: without its keys the data beside it cannot be used. ` +
        'To begin anew, remove the whole folder.',
    );
  }
}
