import { isNarrowed, queryOf, viewOf } from './list-query';

const query = (search: string) => queryOf(viewOf(new URLSearchParams(search)));

describe('what the address asks for', () => {
  it.each([
    ['', {}],
    ['status=all', {}],
    ['status=pending&q=%20wei%20', { status: 'pending', q: 'wei' }],
    ['status=waitlisted&seat=confirmed', { seat: 'waitlisted' }],
    [
      'status=approved&seat=confirmed&category=press&forum=f',
      {
        status: 'approved',
        seat: 'confirmed',
        category: 'press',
        subForum: 'f',
      },
    ],
    ['status=nonsense&seat=nonsense', {}],
  ])('%s', (search, expected) => {
    expect(query(search)).toEqual(expected);
  });

  it('knows a narrowed list from a tab', () => {
    expect(isNarrowed(viewOf(new URLSearchParams('status=pending')))).toBe(false);
    expect(isNarrowed(viewOf(new URLSearchParams('status=pending&q=a')))).toBe(true);
  });
});
