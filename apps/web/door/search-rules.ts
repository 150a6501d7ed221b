/** What the server takes: two hanzi or three other letters. Asked for less, it only says no. */
export function isEnough(typed: string): boolean {
  const letters = Array.from(typed).filter((one) => /[\p{L}\p{N}]/u.test(one));
  const hanzi = letters.filter((one) => /\p{Script=Han}/u.test(one));
  return hanzi.length >= 2 || letters.length >= 3;
}
