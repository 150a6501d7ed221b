import { type Answers, nothingYet } from './answers';

/** What a person has typed so far, kept in this tab until it is sent. */
export interface Draft {
  answers: Answers;
  /** The request that was begun last: sent again after a reload it is the same request, so one registration. */
  sending?: { key: string; body: string };
}

const place = (slug: string) => `plenary.form.${slug}`;

/** The draft of this tab; what is not there, or not readable, is empty. */
export function loadDraft(slug: string): Draft {
  try {
    const kept = JSON.parse(sessionStorage.getItem(place(slug)) ?? '{}') as Partial<Draft>;
    const answers = { ...nothingYet, ...kept.answers };
    return kept.sending ? { answers, sending: kept.sending } : { answers };
  } catch {
    return { answers: nothingYet };
  }
}

export function saveDraft(slug: string, draft: Draft): void {
  try {
    sessionStorage.setItem(place(slug), JSON.stringify(draft));
  } catch {
    // Storage is full or forbidden: the answers hold as long as the page is open.
  }
}

export function forgetDraft(slug: string): void {
  try {
    sessionStorage.removeItem(place(slug));
  } catch {
    // Nothing was kept either.
  }
}

/** The key for this body: the one of before where the body is the same, else a new one, kept before anything is sent. */
export function keyFor(slug: string, answers: Answers, body: unknown): string {
  const wanted = JSON.stringify(body);
  const { sending } = loadDraft(slug);
  if (sending?.body === wanted) return sending.key;
  const key = randomKey();
  saveDraft(slug, { answers, sending: { key, body: wanted } });
  return key;
}

/** 128 random bits; `crypto.randomUUID` is missing on pages served by plain http. */
function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
