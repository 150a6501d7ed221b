import { Module } from '@nestjs/common';
import { PlatformModule } from '@plenary/platform';
import { AttendanceController } from './attendance/attendance.controller';
import { LivePictures } from './attendance/live-pictures';
import { Pictures } from './attendance/pictures';
import { DoorEvents } from './known/doors';
import { PeopleEvents } from './known/people';
import { PictureVersions } from './known/picture-versions';
import { Conferences, ProgrammeEvents } from './known/programme';
import { WallLinkDesk, WallLinksByHash } from './walls/wall-links.service';
import { WallsController } from './walls/walls.controller';

@Module({
  imports: [PlatformModule.forService({ service: 'attendance', walls: WallLinksByHash })],
  controllers: [AttendanceController, WallsController, ProgrammeEvents, PeopleEvents, DoorEvents],
  providers: [PictureVersions, Conferences, Pictures, LivePictures, WallLinksByHash, WallLinkDesk],
})
export class AttendanceModule {}
