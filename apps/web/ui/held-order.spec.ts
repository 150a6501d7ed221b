import { inOrderOf } from './held-order';

const items = (...keys: string[]) => keys.map((key) => ({ key }));

it('keeps the places of before', () => {
  expect(inOrderOf(items('c', 'b', 'a'), ['a', 'b', 'c'])).toEqual(items('a', 'b', 'c'));
});

it('puts what is new last, in its own order, and leaves out what has gone', () => {
  expect(inOrderOf(items('new2', 'c', 'new1', 'a'), ['a', 'b', 'c'])).toEqual(items('a', 'c', 'new2', 'new1'));
});
