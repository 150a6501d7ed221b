import { Module } from '@nestjs/common';
import { PlatformModule } from '@plenary/platform';
import { Allocation } from './allocation/allocation.service';
import { Deadlines } from './allocation/deadlines';
import { SeatRequestsHandler } from './allocation/seat-requests.handler';
import { SeatSnapshots } from './allocation/seats.snapshots';
import { ConferenceSnapshots } from './conferences/conference.snapshots';
import { ConferencesController } from './conferences/conferences.controller';
import { Conferences } from './conferences/conferences.service';
import { ProgrammeController } from './programme/programme.controller';
import { ProgrammeImport } from './programme/programme.service';
import { SubForumList } from './sub-forums/sub-forum.list';
import { SubForumSnapshots } from './sub-forums/sub-forum.snapshots';
import { SubForumsController } from './sub-forums/sub-forums.controller';
import { SubForums } from './sub-forums/sub-forums.service';
import { WaitlistController } from './waitlist/waitlist.controller';
import { Waitlist } from './waitlist/waitlist.service';

@Module({
  imports: [
    PlatformModule.forService({
      service: 'sub-forum',
      snapshots: [ConferenceSnapshots, SubForumSnapshots, SeatSnapshots],
    }),
  ],
  controllers: [
    ConferencesController,
    SubForumsController,
    WaitlistController,
    ProgrammeController,
    SeatRequestsHandler,
  ],
  providers: [Conferences, SubForums, SubForumList, Allocation, Deadlines, Waitlist, ProgrammeImport],
})
export class SubForumModule {}
