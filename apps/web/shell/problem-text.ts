import { ApiError } from '@plenary/contracts';
import { useTranslations } from 'use-intl';

/** What went wrong and what to do next, in the reader's words; `code` and `traceId` for whoever helps. */
export interface ProblemText {
  text: string;
  code: string;
  traceId: string | undefined;
}

/** Words for an error: those of its code, else of its kind. */
export function useProblemText(): (error: unknown) => ProblemText {
  const t = useTranslations('common.problems');
  return (error) => {
    if (!(error instanceof ApiError)) return { text: t('unreachable'), code: 'unreachable', traceId: undefined };
    const { code, problem } = error;
    const known = code as Parameters<typeof t.has>[0];
    const kind =
      error.status === 401
        ? 'unauthorised'
        : error.status === 403
          ? 'forbidden'
          : error.status === 404
            ? 'not_found'
            : error.status === 429 || error.status === 503
              ? 'busy'
              : 'unexpected';
    const text = t.has(known) ? t(known) : t(kind);
    return { text, code, traceId: problem.traceId };
  };
}
