import { createHash } from 'node:crypto';
import { parseBadge, verifyBadge } from '@plenary/badge-token';
import { routes } from '@plenary/contracts';
import { settled, stack } from '@plenary/testing';
import { badgeOf, Conference, problemOf } from './world';

describe('badges', () => {
  let conference: Conference;
  beforeAll(async () => {
    conference = await Conference.create();
  });

  it('verify with the published key, hold no personal data, and are a picture', async () => {
    const delegate = await conference.register([]);
    const payload = await badgeOf(delegate);
    const { items } = await stack().client.call(routes.listBadgeKeys, { params: { slug: conference.slug } });
    const keyOf = (keyId: number) => {
      const key = items.find((one) => one.keyId === keyId);
      return key ? new Uint8Array(Buffer.from(key.publicKey, 'base64url')) : undefined;
    };
    expect(await verifyBadge(payload, keyOf, Date.now() / 1000)).toMatchObject({ ok: true });
    expect(payload.length).toBeLessThanOrEqual(153);
    const png = await delegate.client.send(routes.getOwnBadgePng, {}, {});
    expect(png.headers.get('content-type')).toBe('image/png');
    const svg = await delegate.client.send(routes.getOwnBadgeSvg, {}, {});
    expect(svg.headers.get('content-type')).toContain('image/svg+xml');
    expect(await svg.text()).toContain('<svg');
  });

  it('reissue raises the revision; revoke withdraws; the signed snapshot names both', async () => {
    const delegate = await conference.register([]);
    const first = parseBadge(await badgeOf(delegate));
    const before = await stack().client.request(routes.getRevocations, { params: { slug: conference.slug } });
    await conference.organiser.call(routes.reissueBadge, { params: { id: delegate.id }, body: { reason: 'lost' } });
    const second = parseBadge(await badgeOf(delegate));
    expect(second?.claims.serial).toBe(first?.claims.serial);
    expect(second?.claims.revision).toBe(2);
    const after = await stack().client.request(routes.getRevocations, { params: { slug: conference.slug } });
    expect(after.etag).not.toBe(before.etag);
    expect(after.body.entries).toContainEqual({ serial: first?.claims.serial, minimumRevision: 2, revoked: false });

    const revoked = await conference.organiser.call(routes.revokeBadge, {
      params: { id: delegate.id },
      body: { reason: 'shared' },
    });
    expect(revoked.state).toBe('revoked');
    expect(await problemOf(delegate.client.call(routes.getOwnBadge))).toMatchObject({
      status: 409,
      code: 'badge_revoked',
    });
    const last = await stack().client.call(routes.getRevocations, { params: { slug: conference.slug } });
    expect(last.entries).toContainEqual(expect.objectContaining({ serial: first?.claims.serial, revoked: true }));
    expect(createHash('sha256').update(last.signature).digest('hex')).not.toBe(
      createHash('sha256').update(after.body.signature).digest('hex'),
    );
    await settled();
    expect((await delegate.client.call(routes.getOwnRegistration)).badge.state).toBe('revoked');
  });

  it('are refused to others', async () => {
    const delegate = await conference.register([]);
    expect(await problemOf(stack().client.call(routes.getOwnBadge))).toMatchObject({ status: 401 });
    expect(
      await problemOf(
        delegate.client.call(routes.revokeBadge, { params: { id: delegate.id }, body: { reason: 'mine' } }),
      ),
    ).toMatchObject({
      status: 403,
    });
  });
});
