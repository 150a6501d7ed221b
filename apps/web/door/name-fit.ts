const hanzi = /\p{Script=Han}/u;
/** A hanzi is one em wide, a letter a little over half of it. */
const widthOf = (character: string): number => (hanzi.test(character) ? 1 : 0.58);

/** The name, or with its middle left out where it is wider than `em`: who calls it out needs both ends. */
export function fitName(name: string, em: number): string {
  const characters = Array.from(name);
  const width = (part: readonly string[]) => part.reduce((sum, one) => sum + widthOf(one), 0);
  if (width(characters) <= em) return name;
  const half = (em - 1) / 2;
  const take = (from: readonly string[]) => {
    let sum = 0;
    return from.filter((one) => {
      sum += widthOf(one);
      return sum <= half;
    });
  };
  const start = take(characters).join('').trimEnd();
  const end = take(characters.toReversed()).toReversed().join('').trimStart();
  return `${start}…${end}`;
}
