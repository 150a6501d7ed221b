import fc from 'fast-check';
import { checkRoles, isWhollyOwn, type RoleWish, withRoles } from './staff.rules';

const wishes = fc.array(
  fc.record({
    role: fc.constantFrom('organiser', 'cohost', 'supervisor', 'desk') as fc.Arbitrary<RoleWish['role']>,
    subForumIds: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }),
  }),
  { maxLength: 6 },
);

describe('roles', () => {
  it('needs sub-forums for a co-host and for nobody else', () => {
    expect(checkRoles([{ role: 'cohost', subForumIds: [] }])).toMatchObject([{ code: 'sub_forums_required' }]);
    expect(checkRoles([{ role: 'desk', subForumIds: ['a'] }])).toMatchObject([{ code: 'sub_forums_not_allowed' }]);
    expect(
      checkRoles([
        { role: 'cohost', subForumIds: ['a'] },
        { role: 'desk', subForumIds: [] },
      ]),
    ).toEqual([]);
  });

  it('names a role once, and says which is too many', () => {
    const desk: RoleWish = { role: 'desk', subForumIds: [] };
    expect(checkRoles([desk, desk])).toEqual([expect.objectContaining({ path: 'roles.1', code: 'role_twice' })]);
  });

  it('adds without loss, without doubles, and only once', () => {
    fc.assert(
      fc.property(wishes, wishes, (held, added) => {
        const all = withRoles(held, added);
        expect(new Set(all.map(({ role }) => role)).size).toBe(all.length);
        for (const { role, subForumIds } of [...held, ...added]) {
          const found = all.find((one) => one.role === role);
          expect(found?.subForumIds).toEqual(expect.arrayContaining(subForumIds));
        }
        expect(withRoles(all, added)).toEqual(all);
      }),
    );
  });
});

describe('whose account an organiser may take over', () => {
  const of = (...conferences: string[]) => ({
    admin: false,
    grants: conferences.map((conferenceId) => ({ conferenceId })),
  });
  const organiserOf = new Set(['here', 'there']);

  it('is one that serves nowhere else and is no administrator', () => {
    expect(isWhollyOwn(of('here'), organiserOf)).toBe(true);
    expect(isWhollyOwn(of('here', 'there'), organiserOf)).toBe(true);
    expect(isWhollyOwn(of('here', 'elsewhere'), organiserOf)).toBe(false);
    expect(isWhollyOwn({ ...of('here'), admin: true }, organiserOf)).toBe(false);
  });
});
