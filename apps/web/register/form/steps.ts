/** The steps of the form, in order. */
export const steps = ['you', 'organisation', 'needs', 'subForums', 'send'] as const;
export type Step = (typeof steps)[number];
