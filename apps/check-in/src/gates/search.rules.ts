const hanzi = /\p{Script=Han}/gu;
const letters = /(?!\p{Script=Han})\p{L}/gu;
const count = (text: string, kind: RegExp) => text.match(kind)?.length ?? 0;

/** Two hanzi or three other letters name somebody; less would leaf through everybody. */
function says(text: string): boolean {
  const han = count(text, hanzi);
  return han >= 2 || han + count(text, letters) >= 3;
}

/**
 * What to look for, each of it somewhere in the name; undefined where too little was typed. Words count one by one, so
 * that family and given name may come in any order; where no word alone says enough (`Wu Xi`), they count as one.
 */
export function wordsToFind(typed: string): string[] | undefined {
  const text = typed.normalize('NFC').trim().replace(/\s+/g, ' ');
  if (!says(text)) return undefined;
  const words = text.split(' ').slice(0, 8);
  return words.some(says) ? words : [text];
}
