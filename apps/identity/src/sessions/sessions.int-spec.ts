import { randomUUID } from 'node:crypto';
import { routes } from '@plenary/contracts';
import { until } from '@plenary/testing';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { IdentityWorld, password } from '../identity.test-world';
import { SigningKeys } from '../signing-keys/signing-keys';

describe('sessions', () => {
  let world: IdentityWorld;
  beforeAll(async () => {
    world = await IdentityWorld.create();
  });
  afterAll(() => world.close());

  const signIn = (email: string, given = password, from?: string) =>
    world.call(routes.signIn, { body: { email, password: given }, ...(from && { from }) });
  const refresh = (cookie: string | undefined) => world.call(routes.refresh, { cookie });

  it('answers an access token of five minutes and a refresh cookie that only this site sends back', async () => {
    const email = await world.operatorMakes('ada', true);
    const { status, body, setCookie } = await signIn(email.toUpperCase());
    expect(status).toBe(200);
    expect(setCookie).toMatch(
      /^plenary-refresh=[\w-]{70}; Path=\/api\/v1\/auth; Max-Age=43200; HttpOnly; SameSite=Strict$/,
    );
    const claims = decodeJwt(body.accessToken);
    expect(claims).toMatchObject({ typ: 'staff', admin: true, grants: [], aud: 'plenary' });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(300);
    expect(new Date((claims.exp ?? 0) * 1000).toISOString()).toBe(body.expiresAt);
    const me = await world.call(routes.whoAmI, { token: body.accessToken });
    expect(me.body).toEqual({ id: claims.sub, name: 'ada', email, admin: true, grants: [] });
  });

  it('says the same of a wrong password, an unknown account, one without password and a disabled one', async () => {
    const email = await world.operatorMakes('bob');
    const { admin, params } = await world.organised();
    const body = { name: 'Pending', email: `pending-${randomUUID()}@example.org`, roles: [{ role: 'desk' as const }] };
    await world.call(routes.createStaff, { params, token: admin, body });
    const disabled = await world.member(admin, params.slug, 'desk');
    await world.call(routes.changeStaff, {
      params: { ...params, id: disabled.id },
      token: admin,
      body: { disabled: true },
    });
    const answers = await Promise.all([
      signIn(email, 'wrong password'),
      signIn(`nobody-${randomUUID()}@example.org`),
      signIn(body.email),
      signIn(disabled.email),
    ]);
    const [first] = answers;
    expect(first).toMatchObject({ status: 401, body: { code: 'sign_in_failed' }, setCookie: undefined });
    for (const { status, body: problem } of answers) {
      expect({ status, ...problem, traceId: '' }).toEqual({ ...first?.body, traceId: '' });
    }
  });

  it('rotates; the former token is answered alike for a moment', async () => {
    const first = await signIn(await world.operatorMakes('cy'));
    const second = await refresh(first.cookie);
    expect(second.status).toBe(200);
    expect(second.cookie).not.toBe(first.cookie);
    const again = await refresh(first.cookie);
    expect(again).toMatchObject({ status: 200, cookie: second.cookie });
    const third = await refresh(second.cookie);
    expect(third.status).toBe(200);
  });

  it('gives twenty tabs that refresh at once one and the same successor', async () => {
    const { cookie } = await signIn(await world.operatorMakes('tabs'));
    const tabs = await Promise.all(Array.from({ length: 20 }, () => refresh(cookie)));
    expect(new Set(tabs.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(tabs.map((tab) => tab.cookie)).size).toBe(1);
  });

  it('ends the family when a token comes back later, or one from before that', async () => {
    const first = await signIn(await world.operatorMakes('dee'));
    const second = await refresh(first.cookie);
    await world.database.query(`UPDATE refresh_families SET rotated_at = now() - interval '11 seconds'`);
    expect(await refresh(first.cookie)).toMatchObject({ status: 401, body: { code: 'session_ended' } });
    expect(await refresh(second.cookie)).toMatchObject({ status: 401, body: { code: 'session_ended' } });

    const other = await signIn(await world.operatorMakes('eve'));
    const later = await refresh(await refresh(other.cookie).then(({ cookie }) => cookie));
    expect(later.status).toBe(200);
    expect((await refresh(other.cookie)).status).toBe(401);
    expect((await refresh(later.cookie)).status).toBe(401);
  });

  it('takes no cookie that it did not make', async () => {
    const { cookie = '' } = await signIn(await world.operatorMakes('fay'));
    const flipped = cookie.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    for (const forged of [undefined, 'plenary-refresh=', 'plenary-refresh=AAAA', `${cookie}AAAA`, flipped]) {
      expect((await refresh(forged)).status).toBe(401);
    }
    expect((await refresh(cookie)).status).toBe(200);
  });

  it('ends by signing out, and clears the cookie', async () => {
    const { cookie } = await signIn(await world.operatorMakes('gil'));
    const out = await world.call(routes.signOut, { cookie });
    expect(out.status).toBe(204);
    expect(out.setCookie).toContain('Max-Age=0');
    expect((await refresh(cookie)).status).toBe(401);
  });

  it('answers no page of another site', async () => {
    const email = await world.operatorMakes('hal');
    const { cookie } = await signIn(email);
    const from = (origin: string) => world.call(routes.refresh, { cookie, headers: { origin } });
    expect(await from('https://evil.example')).toMatchObject({ status: 403, body: { code: 'origin_refused' } });
    expect(await from('null')).toMatchObject({ status: 403 });
    expect((await from('http://127.0.0.1:8080')).status).toBe(200);
    expect((await from('http://localhost:8080')).status).toBe(200);
  });

  it('slows guessing down, also of many at once, and lets the owner in from elsewhere', async () => {
    const email = await world.operatorMakes('ivy');
    const guesses = await Promise.all(
      Array.from({ length: 25 }, (_, n) => signIn(email, `guess number ${n}`, '198.51.100.7')),
    );
    const slowed = guesses.filter(({ status }) => status === 429);
    expect(slowed.length).toBeGreaterThanOrEqual(10);
    expect(slowed[0]).toMatchObject({ body: { code: 'sign_in_slowed' } });
    expect(Number(slowed[0]?.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    await world.database.query(
      `UPDATE sign_in_attempts SET blocked_until = now() + interval '1 minute' WHERE blocked_until > 'epoch'`,
    );
    expect((await signIn(email, password, '198.51.100.7')).status).toBe(429);
    expect((await signIn(email, password, '198.51.100.8')).status).toBe(200);
    // An account that does not exist is slowed alike.
    const unknown = `nobody-${randomUUID()}@example.org`;
    const others = await Promise.all(Array.from({ length: 15 }, () => signIn(unknown, 'guess', '198.51.100.9')));
    expect(others.some(({ status }) => status === 429)).toBe(true);
    // The pause ends.
    await world.database.query(`UPDATE sign_in_attempts SET blocked_until = now() - interval '1 second'`);
    expect((await signIn(email, password, '198.51.100.7')).status).toBe(200);
    expect((await signIn(email, password, '198.51.100.7')).status).toBe(200);
  });

  it('sets a password by a link exactly once, of many at once', async () => {
    const { admin, params } = await world.organised();
    const email = `new-${randomUUID()}@example.org`;
    const made = await world.call(routes.createStaff, {
      params,
      token: admin,
      body: { name: 'New', email, roles: [{ role: 'desk' }] },
    });
    const link = made.body.link as string;
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:8080\/s\/#[0-9a-f-]{36}\.[\w-]{43}$/);
    const passwords = Array.from({ length: 10 }, (_, n) => `my new password ${n}`);
    const tries = await Promise.all(
      passwords.map((given) => world.call(routes.setPassword, { body: { link, password: given } })),
    );
    expect(tries.filter(({ status }) => status === 204)).toHaveLength(1);
    for (const { status, body } of tries.filter((one) => one.status !== 204)) {
      expect({ status, code: body.code }).toEqual({ status: 422, code: 'link_invalid' });
    }
    const winner = passwords[tries.findIndex(({ status }) => status === 204)] as string;
    expect((await signIn(email, winner)).status).toBe(200);
  });

  it('keeps no link and no code in the schema', async () => {
    const { admin, params } = await world.organised();
    const key = { 'idempotency-key': randomUUID() };
    const body = { name: 'New', email: `new-${randomUUID()}@example.org`, roles: [{ role: 'desk' as const }] };
    const first = await world.call(routes.createStaff, { params, token: admin, body, headers: key });
    const again = await world.call(routes.createStaff, { params, token: admin, body, headers: key });
    expect(again.body).toEqual(first.body);
    const token = first.body.link?.split('#')[1]?.split('.')[1] as string;
    const [stored] = await world.database.query<{ text: string }>(
      `SELECT (SELECT json_agg(k) FROM idempotency_keys k)::text || (SELECT json_agg(l) FROM password_links l)::text
           || (SELECT json_agg(o) FROM outbox o)::text AS text`,
    );
    expect(stored?.text).toContain(first.body.id);
    expect(stored?.text).not.toContain(token);
  });

  it('takes no link that is old, superseded or of a disabled account', async () => {
    const { admin, params } = await world.organised();
    const body = { name: 'Lee', email: `lee-${randomUUID()}@example.org`, roles: [{ role: 'desk' as const }] };
    const made = await world.call(routes.createStaff, { params, token: admin, body });
    const id = made.body.id;
    const reset = async () =>
      (await world.call(routes.resetStaff, { params: { ...params, id }, token: admin })).body.link;
    const use = (link: string) => world.call(routes.setPassword, { body: { link, password } });
    const second = await reset();
    expect((await use(made.body.link as string)).status).toBe(422);
    await world.database.query(
      `UPDATE password_links SET expires_at = now() - interval '1 second' WHERE staff_id = $1`,
      [id],
    );
    expect((await use(second)).status).toBe(422);
    const third = await reset();
    await world.call(routes.changeStaff, { params: { ...params, id }, token: admin, body: { disabled: true } });
    expect((await use(third)).status).toBe(422);
    expect((await use('rubbish')).status).toBe(422);
  });

  it('changes the own password with the current one, and ends the other sessions', async () => {
    const email = await world.operatorMakes('kim');
    const here = await signIn(email);
    const elsewhere = await signIn(email);
    const change = (currentPassword: string, token?: string) =>
      world.call(routes.setPassword, {
        token,
        cookie: here.cookie,
        body: { currentPassword, password: 'a better password' },
      });
    expect((await change(password)).status).toBe(401);
    expect(await change('wrong password', here.body.accessToken)).toMatchObject({
      status: 422,
      body: { code: 'password_wrong' },
    });
    expect((await change(password, here.body.accessToken)).status).toBe(204);
    expect((await refresh(elsewhere.cookie)).status).toBe(401);
    expect((await refresh(here.cookie)).status).toBe(200);
    expect((await signIn(email)).status).toBe(401);
    expect((await signIn(email, 'a better password')).status).toBe(200);
  });

  it('ends when the account is disabled', async () => {
    const { admin, params } = await world.organised();
    const member = await world.member(admin, params.slug, 'desk');
    const { cookie } = await signIn(member.email);
    await world.call(routes.changeStaff, {
      params: { ...params, id: member.id },
      token: admin,
      body: { disabled: true },
    });
    expect((await refresh(cookie)).status).toBe(401);
    expect((await signIn(member.email)).status).toBe(401);
    expect((await world.told(member.id)).map(({ type }) => type)).toEqual(['staff.changed.v1', 'staff.disabled.v1']);
    await world.call(routes.changeStaff, {
      params: { ...params, id: member.id },
      token: admin,
      body: { disabled: false },
    });
    expect((await signIn(member.email)).status).toBe(200);
  });

  it('publishes its keys, before the first use and until the last token ends', async () => {
    const published = async () => {
      const response = await world.app.inject({ url: '/.well-known/jwks.json' });
      expect(response.statusCode).toBe(200);
      expect(response.body).not.toContain('"d"');
      return (response.json() as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
    };
    const email = await world.operatorMakes('lou');
    const kidOf = async () => decodeProtectedHeader(await world.signIn(email)).kid as string;
    const old = await kidOf();
    expect(await published()).toEqual([old]);
    const keys = world.app.get(SigningKeys);
    const next = await keys.rotate();
    expect(await published()).toEqual([next.kid, old]);
    expect(await kidOf()).toBe(old);
    // Ten minutes later.
    await world.database.query('UPDATE signing_keys SET signs_from = now() WHERE kid = $1', [next.kid]);
    Object.assign(keys, { signer: undefined });
    await until(async () => (await kidOf()) === next.kid);
    expect(await published()).toEqual([next.kid, old]);
    // A device token that the old key signed keeps it published; without one it goes.
    await world.database.query(`UPDATE signing_keys SET signs_from = signs_from - interval '1 hour'`);
    await world.database.query(`UPDATE signing_keys SET signs_from = now() - interval '30 minutes' WHERE kid = $1`, [
      next.kid,
    ]);
    await world.database.query(`UPDATE signing_keys SET needed_until = now() + interval '1 day' WHERE kid = $1`, [old]);
    expect(await published()).toContain(old);
    await world.database.query(`UPDATE signing_keys SET needed_until = now() - interval '1 day' WHERE kid = $1`, [old]);
    expect(await published()).toEqual([next.kid]);
  });

  it('does not start with another key, nor with open demo accounts outside the demo', async () => {
    const own = process.env.IDENTITY_KEY as string;
    const keys = world.app.get(SigningKeys);
    Object.assign(keys, { signer: undefined });
    const { Secrets } = await import('../secrets');
    process.env.IDENTITY_KEY = Buffer.alloc(32, 7).toString('base64url');
    await expect(new SigningKeys(world.database, new Secrets()).onModuleInit()).rejects.toThrow(
      /IDENTITY_KEY does not open/,
    );
    process.env.IDENTITY_KEY = 'short';
    expect(() => new Secrets()).toThrow(/32 bytes/);
    process.env.IDENTITY_KEY = own;

    const { DemoAccountsRefused } = await import('../demo-accounts');
    const { disableFromCommandLine, ensureDemoStaff } = await import('../staff/operator');
    const boot = (demo: boolean) => new DemoAccountsRefused(world.database, { demo } as never).onModuleInit();
    await expect(ensureDemoStaff(world.database)).rejects.toThrow('PLENARY_DEMO');
    process.env.PLENARY_DEMO = '1';
    await ensureDemoStaff(world.database);
    await ensureDemoStaff(world.database);
    delete process.env.PLENARY_DEMO;
    const organiser = await world.signIn('organiser@plenary.example', 'plenary-demo');
    expect(decodeJwt(organiser)).toMatchObject({ admin: true });
    await expect(boot(true)).resolves.toBeUndefined();
    await expect(boot(false)).rejects.toThrow(/admin@plenary.example, organiser@plenary.example/);
    for (const name of ['admin', 'organiser']) await disableFromCommandLine(world.database, `${name}@plenary.example`);
    await expect(boot(false)).resolves.toBeUndefined();
  });
});
