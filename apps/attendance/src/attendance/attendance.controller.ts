import { Controller } from '@nestjs/common';
import { type Attendance, type InputOf, routes } from '@plenary/contracts';
import { authorise, By, type Caller, type EventStream, Handles, holds, Input, LastEventId } from '@plenary/platform';
import { Conferences } from '../known/programme';
import { LivePictures } from './live-pictures';
import { Pictures, type View } from './pictures';

@Controller()
export class AttendanceController {
  constructor(
    private readonly conferences: Conferences,
    private readonly pictures: Pictures,
    private readonly live: LivePictures,
  ) {}

  @Handles(routes.getAttendance)
  async get(@Input() { params }: InputOf<typeof routes.getAttendance>, @By() caller: Caller) {
    const { conferenceId, view } = await this.scope(params.slug, caller);
    return (await this.pictures.recentOf(conferenceId)).of(view);
  }

  @Handles(routes.watchAttendance)
  async watch(
    @Input() { params }: InputOf<typeof routes.watchAttendance>,
    @By() caller: Caller,
    @LastEventId() lastEventId?: string,
  ): Promise<EventStream<Attendance>> {
    const { conferenceId, view } = await this.scope(params.slug, caller);
    return this.live.watch(conferenceId, view, lastEventId);
  }

  private async scope(slug: string, caller: Caller): Promise<{ conferenceId: string; view: View }> {
    const conferenceId = await this.conferences.idOf(slug);
    authorise(caller, routes.getAttendance.who, { conferenceId });
    return { conferenceId, view: viewOf(caller, conferenceId) };
  }
}

/** Organisers and supervisors see everything, co-hosts their own sub-forums. */
export function viewOf(caller: Caller, conferenceId: string): View {
  const scope = { conferenceId };
  if (caller.kind !== 'staff' || holds(caller, 'organiser', scope) || holds(caller, 'supervisor', scope)) return 'all';
  const own = caller.grants.filter((grant) => grant.conferenceId === conferenceId && grant.role === 'cohost');
  return [...new Set(own.flatMap(({ subForumIds }) => subForumIds))].sort();
}
