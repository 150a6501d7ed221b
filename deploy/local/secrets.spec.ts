import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { services } from '@plenary/contracts';
import { loadSecrets } from './secrets';

describe('the secrets of a state folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'plenary-secrets-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are random, long enough, different for each role, and readable by nobody else', () => {
    const secrets = loadSecrets(folder);
    for (const key of [secrets.linkKey, secrets.badgeKey, secrets.identityKey]) {
      expect(Buffer.from(key, 'base64url')).toHaveLength(32);
    }
    expect(new Set(Object.values(secrets.rolePasswords)).size).toBe(services.length);
    expect(statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600);
  });

  it('name the Kafka cluster by what no tool takes for an option', () => {
    const ids = Array.from({ length: 500 }, (_, index) => loadSecrets(join(folder, String(index))).kafkaClusterId);
    expect(ids.filter((id) => !/^\w[\w-]{21}$/.test(id))).toEqual([]);
  });

  it('stay what they are', () => {
    expect(loadSecrets(folder)).toEqual(loadSecrets(folder));
  });

  it('are completed where one is missing, and the others kept', () => {
    const { badgeKey, ...others } = loadSecrets(folder);
    writeFileSync(join(folder, 'secrets.json'), JSON.stringify(others));
    const completed = loadSecrets(folder);
    expect(completed).toMatchObject(others);
    expect(completed.badgeKey).not.toBe(badgeKey);
  });

  it('are never made anew over a file that cannot be read', () => {
    writeFileSync(join(folder, 'secrets.json'), '{"linkKey": "ab');
    expect(() => loadSecrets(folder)).toThrow('is not JSON any more');
    expect(readFileSync(join(folder, 'secrets.json'), 'utf8')).toBe('{"linkKey": "ab');
  });
});
