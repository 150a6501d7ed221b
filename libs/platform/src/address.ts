import { BlockList, isIPv6 } from 'node:net';

/** Networks that only our own gateway and proxies are in. */
const PRIVATE = ['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '::1/128', 'fc00::/7', 'fe80::/10'];

/** A set of CIDRs (a bare address is a network of one). Throws at a text that is none. */
export class Networks {
  private readonly list = new BlockList();
  private readonly none: boolean;

  constructor(cidrs: readonly string[]) {
    this.none = cidrs.length === 0;
    for (const cidr of cidrs) {
      const [address = '', bits] = cidr.split('/');
      const family = isIPv6(address) ? 'ipv6' : 'ipv4';
      this.list.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
    }
  }

  has(address: string): boolean {
    if (this.none) return false;
    const plain = withoutMapping(address);
    try {
      return this.list.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
    } catch {
      return false;
    }
  }
}

export const privateNetworks = new Networks(PRIVATE);

/**
 * The client's address: `X-Forwarded-For` counts only where the peer is one of `trusted`, and then its last entry that
 * is not, since everything before that was written by the client.
 */
export function clientAddress(
  peer: string | undefined,
  forwarded: string | undefined,
  trusted = privateNetworks,
): string {
  let address = withoutMapping(peer ?? '');
  if (forwarded === undefined || !trusted.has(address)) return address;
  for (const hop of forwarded.split(',').reverse()) {
    const claimed = withoutMapping(hop.trim());
    if (claimed === '') break;
    address = claimed;
    if (!trusted.has(claimed)) break;
  }
  return address;
}

/** `::ffff:10.0.0.1` -> `10.0.0.1` */
function withoutMapping(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}
