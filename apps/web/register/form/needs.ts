/** What a person needs, as the form asks for it. */
export interface Needs {
  wheelchair: boolean;
  signLanguage: boolean;
  other: string;
}

/**
 * The lines that ticked boxes become in `person.needs`. In both languages, since who ticks and who helps may not share
 * one; and fixed, so that the boxes are found again when the person comes back.
 */
const lines = { wheelchair: 'Wheelchair access / 轮椅通行', signLanguage: 'Sign language / 手语翻译' } as const;

/** One text for `person.needs`, empty where nothing is needed. */
export function needsText({ wheelchair, signLanguage, other }: Needs): string {
  return [wheelchair && lines.wheelchair, signLanguage && lines.signLanguage, other.trim()].filter(Boolean).join('\n');
}

/** The boxes and the rest, read back from `person.needs`. */
export function needsFrom(text: string | undefined): Needs {
  const written = (text ?? '').split('\n');
  const ticked: readonly string[] = Object.values(lines);
  return {
    wheelchair: written.includes(lines.wheelchair),
    signLanguage: written.includes(lines.signLanguage),
    other: written
      .filter((line) => !ticked.includes(line))
      .join('\n')
      .trim(),
  };
}
