/** Tells people one event in one line: who it is about, what happened. */
export type Say = (who: string, what: string) => void;

export const sayOnTerminal: Say = (who, what) => {
  for (const line of what.split('\n')) process.stdout.write(`${who.padEnd(12)} | ${line}\n`);
};
export const sayNothing: Say = () => {};

/** An error whose message is meant for the person at the terminal: no stack is shown. */
export class StartError extends Error {}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
