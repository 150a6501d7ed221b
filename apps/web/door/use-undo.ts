import { ApiError } from '@plenary/contracts';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Entry } from './scan-list';
import type { Session } from './session';

export interface Undoing {
  /** The scan that is being taken back. */
  busy: string | undefined;
  problemOf: (entry: Entry) => string | undefined;
  undo: (entry: Entry) => void;
}

/** Taking scans back, and why it did not work. */
export function useUndo(session: Session): Undoing {
  const t = useTranslations('door.verdict.problems');
  const [busy, setBusy] = useState<string>();
  const [failed, setFailed] = useState<{ scanId: string; error: unknown }>();
  return {
    busy,
    problemOf: ({ scanId }) => (failed?.scanId === scanId ? t(codeOf(failed.error)) : undefined),
    undo: (entry) => {
      if (busy) return;
      setBusy(entry.scanId);
      setFailed(undefined);
      session
        .undo(entry)
        .catch((error: unknown) => setFailed({ scanId: entry.scanId, error }))
        .finally(() => setBusy(undefined));
    },
  };
}

function codeOf(error: unknown): 'undo_too_late' | 'not_your_scan' | 'not_found' | 'other' {
  const known = ['undo_too_late', 'not_your_scan', 'not_found'] as const;
  return (error instanceof ApiError && known.find((code) => code === error.code)) || 'other';
}
