import { Module } from '@nestjs/common';
import { PlatformModule } from '@plenary/platform';
import { AttendanceController } from './attendance/attendance.controller';
import { LivePictures } from './attendance/live-pictures';
import { Pictures } from './attendance/pictures';
import { DoorEvents } from './known/doors';
import { PeopleEvents } from './known/people';
import { PictureVersions } from './known/picture-versions';
import { Conferences, ProgrammeEvents } from './known/programme';

@Module({
  imports: [PlatformModule.forService({ service: 'attendance' })],
  controllers: [AttendanceController, ProgrammeEvents, PeopleEvents, DoorEvents],
  providers: [PictureVersions, Conferences, Pictures, LivePictures],
})
export class AttendanceModule {}
