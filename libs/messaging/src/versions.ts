/** The version of an erased subject: no event stands above it, so nothing is ever applied to it again. */
export const tombstone = 2_147_483_647;

/** What a consumer knows of a subject. */
export interface SubjectState {
  /** The highest version heard; undefined: never heard of. */
  readonly version: number | undefined;
  /** Why the first of its parked events is parked; undefined: none is. */
  readonly parked: ParkCause | undefined;
}
export type ParkCause = 'unparsable' | 'handler_failed' | 'version_gap' | 'behind_parked';

/** What the rule needs to know of an event. */
export interface VersionedEvent {
  /** undefined: the body does not even tell its version. */
  readonly version: number | undefined;
  readonly kind: 'event' | 'snapshot' | 'tombstone';
  /** Does a handler of this service take it? */
  readonly handled: boolean;
}

export type Verdict =
  /** Hand it over (if handled) and remember `version`. */
  | { readonly do: 'apply'; readonly version: number | undefined }
  /** The same, and all that is parked of the subject is deleted: this state stands above it. */
  | { readonly do: 'supersede'; readonly version: number }
  /** The missing versions will never come: remember `version` and hand over what is parked, in order. */
  | { readonly do: 'accept_gap' }
  | { readonly do: 'drop' }
  | { readonly do: 'park'; readonly cause: 'version_gap' | 'behind_parked' };

/**
 * The version rule (ARCHITECTURE, section 3): not newer is dropped; a gap parks the subject; a subject first heard of
 * at any version is taken; ignored types still advance it. A snapshot repeats the state at an unchanged version: older
 * than known is dropped, otherwise it is taken and stands above whatever is parked (all that is parked of its subject
 * came before it in the log). A tombstone stands above everything.
 *
 * Who ignores snapshots (a service that writes to people, say) must not lose what is parked to one: there it only ends
 * a gap that nothing else can fill.
 */
export function judge(state: SubjectState, event: VersionedEvent): Verdict {
  const { version: known, parked } = state;
  const { version, kind, handled } = event;
  if (known === tombstone) return { do: 'drop' };
  if (kind === 'tombstone') return { do: 'supersede', version: tombstone };
  if (version !== undefined && known !== undefined && (kind === 'snapshot' ? version < known : version <= known)) {
    return { do: 'drop' };
  }
  if (kind === 'snapshot' && version !== undefined) {
    if (handled) return { do: 'supersede', version };
    if (!parked) return { do: 'apply', version };
    return parked === 'version_gap' ? { do: 'accept_gap' } : { do: 'drop' };
  }
  if (parked) return { do: 'park', cause: 'behind_parked' };
  if (version !== undefined && known !== undefined && version > known + 1) return { do: 'park', cause: 'version_gap' };
  return { do: 'apply', version };
}

/** The state after a verdict. */
export function after(state: SubjectState, verdict: Verdict): SubjectState {
  switch (verdict.do) {
    case 'apply':
      return { version: verdict.version ?? state.version, parked: undefined };
    case 'supersede':
      return { version: verdict.version, parked: undefined };
    case 'park':
      return { version: state.version, parked: state.parked ?? verdict.cause };
    default:
      return state;
  }
}
