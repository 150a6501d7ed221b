import { wordsToFind } from './search.rules';

describe('how much must be typed to find a person', () => {
  it.each([
    ['', undefined],
    ['王', undefined],
    ['王 ', undefined],
    ['欧阳', ['欧阳']],
    ['𠮷野', ['𠮷野']],
    ['wu', undefined],
    ['w u', undefined],
    ['wu2', undefined],
    ['123456', undefined],
    ['%%%', undefined],
    ['___', undefined],
    ['wan', ['wan']],
    ['Åń', undefined],
    ['Åsa', ['Åsa']],
    ['A\u030asa', ['Åsa']],
    ['王wu', ['王wu']],
    ['王w', undefined],
    ['  wang   xiao ', ['wang', 'xiao']],
    ['Wu Xi', ['Wu Xi']],
    ['a e i', ['a e i']],
    ['김민', undefined],
    ['김민수', ['김민수']],
    ["O'Neill", ["O'Neill"]],
  ])('%j: %j', (typed, words) => {
    expect(wordsToFind(typed)).toEqual(words);
  });
});
