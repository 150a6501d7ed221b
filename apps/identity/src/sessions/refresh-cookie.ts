import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { Config, Problem } from '@plenary/platform';
import { mac, Secrets } from '../secrets';

/** A session unused for this long ends. */
export const idleHours = 12;

export interface RefreshToken {
  family: string;
  generation: number;
}

/** The refresh token as cookie: base64url(family id, generation, HMAC-SHA-256). It is made again, never stored. */
@Injectable()
export class RefreshCookie {
  private readonly secure: boolean;
  private readonly name: string;
  private readonly origins: Set<string>;

  constructor(
    config: Config,
    private readonly secrets: Secrets,
  ) {
    const own = new URL(config.publicUrl);
    this.secure = own.protocol === 'https:';
    this.name = this.secure ? '__Secure-plenary-refresh' : 'plenary-refresh';
    // On the own machine people type either name.
    const loopback = ['127.0.0.1', 'localhost', '[::1]'];
    const hosts = loopback.includes(own.hostname) ? loopback : [own.hostname];
    this.origins = new Set(hosts.map((host) => `${own.protocol}//${host}${own.port ? `:${own.port}` : ''}`));
  }

  /** 403 `origin_refused` for a browser on another site. Clients that are no browsers send no Origin. */
  checkOrigin(headers: IncomingHttpHeaders): void {
    if (headers.origin !== undefined && !this.origins.has(headers.origin)) {
      throw new Problem(403, 'origin_refused', 'This call is only answered to the pages of this site itself.');
    }
  }

  /** What the request carries; undefined for none, and for one that was not made here. */
  read(headers: IncomingHttpHeaders): RefreshToken | undefined {
    const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
    const value = pairs.find((pair) => pair.startsWith(`${this.name}=`))?.slice(this.name.length + 1) ?? '';
    const bytes = Buffer.from(value, 'base64url');
    if (bytes.length !== 16 + 4 + 32 || bytes.toString('base64url') !== value) return undefined;
    const token = { family: uuidOf(bytes.subarray(0, 16)), generation: bytes.readUInt32BE(16) };
    return timingSafeEqual(bytes.subarray(20), this.signature(token)) ? token : undefined;
  }

  /** The value of `Set-Cookie` for this token. */
  set(token: RefreshToken): string {
    const head = Buffer.alloc(20);
    head.write(token.family.replaceAll('-', ''), 0, 'hex');
    head.writeUInt32BE(token.generation, 16);
    const value = Buffer.concat([head, this.signature(token)]).toString('base64url');
    return this.attributes(value, idleHours * 3600);
  }

  clear(): string {
    return this.attributes('', 0);
  }

  private attributes(value: string, maxAge: number): string {
    const secure = this.secure ? '; Secure' : '';
    return `${this.name}=${value}; Path=/api/v1/auth; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${secure}`;
  }

  private signature(token: RefreshToken): Buffer {
    return mac(this.secrets.refresh, token.family, token.generation);
  }
}

function uuidOf(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
