import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { api, routes } from '../../shell/api';
import { useLanguage } from '../../shell/language-context';
import { usePlan } from '../plan/use-plan';
import { formQuery } from '../programme/use-programme';
import { type Answers, submissionOf } from './answers';
import { forgetDraft, keyFor } from './draft';

/** The server waits so long for the seats, s: most people land on a page with their answers. */
const WAIT_S = 2;

/**
 * Sends the registration, once: a second press while it is under way does nothing, and the same answers sent again (after a
 * reload, a lost line) are the same request. Stored, it leads to `/r/#token`; what was typed is then forgotten here.
 */
export function useSend(slug: string, questions: readonly { key: string }[]) {
  const { locale } = useLanguage();
  const [, navigate] = useLocation();
  const { clear } = usePlan(slug);
  const queries = useQueryClient();
  const underWay = useRef(false);
  const [linkSent, setLinkSent] = useState(false);

  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: ({ answers, chosen }: { answers: Answers; chosen: readonly string[] }) => {
      const body = submissionOf(answers, chosen, questions, locale);
      const idempotencyKey = keyFor(slug, answers, body);
      return api.call(routes.submitRegistration, { params: { slug }, body }, { wait: WAIT_S, idempotencyKey });
    },
    onSuccess: (answer) => {
      if (!('delegateToken' in answer)) {
        setLinkSent(true);
        return;
      }
      forgetDraft(slug);
      clear();
      navigate(`/r/#${answer.delegateToken}`, { replace: true, state: { sent: true } });
    },
    // The organiser may have closed the form or changed its questions: what is shown next is what holds now.
    onError: () => void queries.invalidateQueries(formQuery(slug)),
    onSettled: () => {
      underWay.current = false;
    },
  });
  return {
    send: (answers: Answers, chosen: readonly string[]) => {
      if (underWay.current) return;
      underWay.current = true;
      mutate({ answers, chosen });
    },
    busy: isPending,
    error: error ?? undefined,
    /** The mailbox is registered: its link has been sent there. */
    linkSent,
    startOver: () => {
      setLinkSent(false);
      reset();
    },
  };
}
