import fc from 'fast-check';
import { clientAddress, Networks } from './address';
import { noneMatch, requireMatch } from './answer';
import { languageOf } from './call';
import { traceContext } from './http';
import { hashOf } from './idempotency';
import { waitOf } from './validation';

describe('client address', () => {
  it.each([
    ['a peer without a proxy', '203.0.113.9', undefined, '203.0.113.9'],
    ['a stranger who claims another', '203.0.113.9', '1.2.3.4', '203.0.113.9'],
    ['behind the gateway', '127.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['behind two', '::ffff:10.0.0.7', '6.6.6.6, 203.0.113.9, 10.0.0.2', '203.0.113.9'],
    ['nothing but our own', '127.0.0.1', '10.0.0.3', '10.0.0.3'],
    ['rubbish', '127.0.0.1', 'x, ', '127.0.0.1'],
  ])('%s', (_, peer, forwarded, address) => {
    expect(clientAddress(peer, forwarded)).toBe(address);
  });

  it('knows networks of both families', () => {
    const networks = new Networks(['198.51.100.0/24', '2001:db8::/32', '192.0.2.1']);
    const known = ['198.51.100.77', '::ffff:198.51.100.1', '2001:db8:1::1', '192.0.2.1'];
    expect(known.map((address) => networks.has(address))).toEqual([true, true, true, true]);
    expect(['198.51.101.1', '2001:db9::1', '192.0.2.2', 'x', ''].map((one) => networks.has(one))).toEqual(
      Array(5).fill(false),
    );
  });
});

describe('headers', () => {
  it('reads Prefer: wait, at most 10 s', () => {
    const given = [undefined, '', 'wait=3', 'respond-async, wait=10', 'wait=99', 'await=5', 'wait = "2"'];
    expect(given.map(waitOf)).toEqual([0, 0, 3000, 10_000, 10_000, 0, 2000]);
  });

  it('picks the language that is wished for most', () => {
    const given = [undefined, 'zh', 'zh-TW,en;q=0.9', 'en-GB, zh', 'fr', 'zh;q=0.1, en;q=0.2', 'zh;q=0, en'];
    expect(given.map(languageOf)).toEqual(['en', 'zh-CN', 'zh-CN', 'en', 'en', 'en', 'en']);
  });

  it('compares entity tags', () => {
    expect(() => requireMatch('7', 7)).not.toThrow();
    expect(() => requireMatch('*', 7)).not.toThrow();
    expect(() => requireMatch('6", "7', 7)).toThrow(/412 stale/);
    expect(() => requireMatch('"6", "7"', 7)).not.toThrow();
    expect([undefined, '*', '"6"', 'W/"7"'].map((header) => noneMatch(header, '"7"'))).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  it('goes on with a trace, or begins one', () => {
    const good = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    expect(traceContext(good).slice(0, 36)).toBe(good.slice(0, 36));
    for (const bad of [undefined, 'x', `${good}x`, `00-${'0'.repeat(32)}-b7ad6b7169203331-01`]) {
      expect(traceContext(bad)).toMatch(/^00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    }
  });
});

describe('request hashes', () => {
  it('ignore the order of fields and nothing else', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (body) => {
        const turned = Object.fromEntries(Object.entries(body).reverse());
        expect(hashOf(turned)).toBe(hashOf(body));
        expect(hashOf({ ...body, more: 1 })).not.toBe(hashOf({ ...body, more: 2 }));
      }),
    );
    expect(hashOf(['a', 'b'])).not.toBe(hashOf(['b', 'a']));
    expect(hashOf({ body: Buffer.from('a') })).not.toBe(hashOf({ body: Buffer.from('b') }));
  });
});
