import { csvOf } from './csv';

const line = (...cells: (string | number | null)[]) => csvOf([cells]).slice(1, -2);

describe('CSV for a spreadsheet', () => {
  it('starts with a byte order mark and ends each line with CR LF', () => {
    expect(
      csvOf([
        ['名称', 1],
        ['b', null],
      ]),
    ).toBe('\ufeff名称,1\r\nb,\r\n');
  });

  it('quotes commas, quotes and line breaks', () => {
    expect(line('a,b', 'say "hi"', 'two\nlines', 'plain')).toBe('"a,b","say ""hi""","two\nlines",plain');
  });

  it.each(["=cmd|' /C calc'!A0", '+1', '-2+3', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1'])(
    'makes the formula %j plain text',
    (text) => {
      expect(line(text).replace(/^"/, '')).toMatch(/^'/);
    },
  );

  it('leaves numbers and harmless texts alone', () => {
    expect(line(-3, 0.5, '3-4', 'a=b', "O'Neill")).toBe("-3,0.5,3-4,a=b,O'Neill");
  });
});
