import { setTimeout as pause } from 'node:timers/promises';
import type { AccessTokens, DeviceClaims } from './access-token';
import { type Caller, credentialsInvalid, type KnownDevices, type LinkGenerations, type WallLinks } from './caller';
import type { Link, LinkTokens } from './link-tokens';
import { Problem } from './problem';

/** What is known of a device is asked anew after this long: a revocation counts everywhere within 2 s. */
const DEVICE_FRESH_MS = 250;
/** How long an unknown device or link is waited for: its event may still be on the way. */
const WAIT_MS = 2000;
const POLL_MS = 50;

/** 32 bytes, base64url. */
const wallToken = /^[A-Za-z0-9_-]{43}$/;

type KnownDevice = NonNullable<Awaited<ReturnType<KnownDevices['find']>>>;

/** Finds out who calls from the `Authorization` header. */
export class Authenticator {
  private readonly devices = new Map<string, { known: KnownDevice; until: number }>();

  constructor(
    private readonly accessTokens: AccessTokens,
    private readonly linkTokens: LinkTokens,
    private readonly sources: {
      links?: LinkGenerations | undefined;
      devices?: KnownDevices | undefined;
      walls?: WallLinks | undefined;
    },
  ) {}

  /**
   * 401 `credentials_invalid` for what is presented and bad, 401 `device_revoked`, 503 for a device that is not heard of.
   * In a service that knows no links or devices their holders are strangers, and so anonymous.
   */
  async callerOf(authorization: string | undefined, address: string): Promise<Caller> {
    if (authorization === undefined) return { kind: 'anonymous', address };
    const token = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(authorization)?.[1];
    if (token === undefined || token.length > 16_384) throw credentialsInvalid();
    if (!token.includes('.')) return this.linkHolder(token, address);
    const claims = await this.accessTokens.verify(token);
    if (claims.typ === 'staff') {
      return { kind: 'staff', id: claims.sub, admin: claims.admin, grants: claims.grants };
    }
    return this.device(claims, address);
  }

  private async linkHolder(token: string, address: string): Promise<Caller> {
    const link = this.linkTokens.parse(token);
    if (!link) return this.wall(token);
    const { links } = this.sources;
    if (!links) return { kind: 'anonymous', address };
    const known = await heardOf(
      () => links.current(link.kind, link.id),
      (current) => current.generation >= link.generation,
    );
    // Older than the link: the event that raised the generation is late. Newer: the link is dead.
    if (!known) throw credentialsInvalid();
    if (known.generation > link.generation) throw credentialsInvalid();
    return holderOf(link, known.conferenceId);
  }

  /** What is no link of a person may be one of a wall: random, and known by its hash alone. */
  private async wall(token: string): Promise<Caller> {
    const known = wallToken.test(token) ? await this.sources.walls?.find(token) : undefined;
    if (!known) throw credentialsInvalid();
    return { kind: 'wall', id: known.id, conferenceId: known.conferenceId };
  }

  private async device(claims: DeviceClaims, address: string): Promise<Caller> {
    const { devices } = this.sources;
    if (!devices) return { kind: 'anonymous', address };
    const known = await this.knownDevice(devices, claims);
    if (!known) {
      throw new Problem(503, 'device_not_heard_of', 'This device was enrolled a moment ago. Try again in a second.', {
        retryAfterSeconds: 1,
      });
    }
    if (known.state === 'revoked' || known.tokenGeneration > claims.gen) {
      throw new Problem(401, 'device_revoked', 'This device was revoked. Enrol it again with a new code.');
    }
    if (known.conferenceId !== claims.conferenceId) throw credentialsInvalid();
    return { kind: 'device', id: claims.sub, conferenceId: known.conferenceId };
  }

  private async knownDevice(devices: KnownDevices, claims: DeviceClaims): Promise<KnownDevice | undefined> {
    const remembered = this.devices.get(claims.sub);
    const now = Date.now();
    if (remembered && remembered.until > now && isSettled(remembered.known, claims)) return remembered.known;
    const known = await heardOf(
      () => devices.find(claims.sub),
      (device) => isSettled(device, claims),
    );
    if (known) {
      if (this.devices.size > 10_000) this.devices.clear();
      this.devices.set(claims.sub, { known, until: Date.now() + DEVICE_FRESH_MS });
    }
    return known;
  }
}

/** Has the event that made this token arrived (or a later one)? */
function isSettled(device: KnownDevice, claims: DeviceClaims): boolean {
  if (device.state === 'revoked') return true;
  return device.tokenGeneration > claims.gen || (device.tokenGeneration === claims.gen && device.state === 'enrolled');
}

function holderOf(link: Link, conferenceId: string): Caller {
  return link.kind === 'delegate'
    ? { kind: 'delegate', registrationId: link.id, conferenceId }
    : { kind: 'leader', delegationId: link.id, conferenceId };
}

/** Asks until the answer is new enough, at most 2 s; undefined when it never was. */
async function heardOf<T>(
  ask: () => Promise<T | undefined>,
  isNewEnough: (known: T) => boolean,
): Promise<T | undefined> {
  const until = Date.now() + WAIT_MS;
  for (;;) {
    const known = await ask();
    if (known !== undefined && isNewEnough(known)) return known;
    if (Date.now() >= until) return undefined;
    await pause(POLL_MS);
  }
}
