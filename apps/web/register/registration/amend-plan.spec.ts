import { asSent, choose, drop, dropsOf, swap, wishesOf } from './amend-plan';

const held = [
  { subForumId: 'urban', state: 'confirmed' },
  { subForumId: 'ports', state: 'waitlisted', position: 3 },
  { subForumId: 'old', state: 'released', reason: 'withdrawn' },
] as const;

describe('amending choices', () => {
  it('begins with what is held', () => {
    const wishes = wishesOf(held);
    expect(asSent(wishes)).toEqual([{ subForumId: 'urban' }, { subForumId: 'ports' }]);
    expect(dropsOf(wishes, held)).toEqual([]);
  });

  it('keeps a confirmed seat until the swap succeeds', () => {
    const wishes = swap(wishesOf(held), ['urban'], 'water', held);
    expect(asSent(wishes)).toEqual([{ subForumId: 'ports' }, { subForumId: 'water', replaces: 'urban' }]);
    expect(dropsOf(wishes, held)).toEqual([]);
  });

  it('goes back to the seat when the swap is dropped, or swapped back', () => {
    const swapped = swap(wishesOf(held), ['urban'], 'water', held);
    expect(asSent(drop(swapped, 'water'))).toEqual([{ subForumId: 'ports' }, { subForumId: 'urban' }]);
    expect(asSent(swap(swapped, ['water'], 'urban', held))).toEqual([{ subForumId: 'ports' }, { subForumId: 'urban' }]);
  });

  it('passes the seat on when another one is wanted for it', () => {
    const twice = swap(swap(wishesOf(held), ['urban'], 'water', held), ['water'], 'energy', held);
    expect(asSent(twice)).toEqual([{ subForumId: 'ports' }, { subForumId: 'energy', replaces: 'urban' }]);
  });

  it('gives up at once what nobody confirmed, and a second seat', () => {
    const waiting = swap(wishesOf(held), ['ports'], 'water', held);
    expect(asSent(waiting)).toEqual([{ subForumId: 'urban' }, { subForumId: 'water' }]);
    expect(dropsOf(waiting, held).map((one) => one.subForumId)).toEqual(['ports']);

    const two = [
      { subForumId: 'a', state: 'confirmed' },
      { subForumId: 'b', state: 'confirmed' },
    ] as const;
    const both = swap(wishesOf(two), ['a', 'b'], 'long', two);
    expect(asSent(both)).toEqual([{ subForumId: 'long', replaces: 'a' }]);
    expect(dropsOf(both, two).map((one) => one.subForumId)).toEqual(['b']);
  });

  it('says again what is under way already', () => {
    const underWay = [
      { subForumId: 'water', state: 'waitlisted', replaces: 'urban' },
      { subForumId: 'urban', state: 'confirmed' },
    ] as const;
    const wishes = wishesOf(underWay);
    expect(asSent(wishes)).toEqual([{ subForumId: 'water', replaces: 'urban' }]);
    expect(asSent(choose(choose(wishes, 'new'), 'new'))).toEqual([
      { subForumId: 'water', replaces: 'urban' },
      { subForumId: 'new' },
    ]);
    expect(dropsOf(drop(wishes, 'water'), underWay).map((one) => one.subForumId)).toEqual(['water']);
  });
});
