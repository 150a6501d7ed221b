import type { Conference } from '@plenary/contracts';
import { createContext, useContext } from 'react';

export const ConferenceContext = createContext<Conference | undefined>(undefined);

/** The conference of the address. */
export function useConference(): Conference {
  const conference = useContext(ConferenceContext);
  if (!conference) throw new Error('outside of a conference');
  return conference;
}
