import { Module } from '@nestjs/common';
import { PlatformModule } from '@plenary/platform';
import { ConflictsController } from './conflicts/conflicts.controller';
import { Conflicts } from './conflicts/conflicts.service';
import { GateCounter } from './gates/gate-counts.service';
import { GatesController } from './gates/gates.controller';
import { Gates } from './gates/gates.service';
import { GateSearch } from './gates/search.service';
import { KnownBadges } from './known/badges';
import { ConferenceBySlug } from './known/conference-by-slug';
import { KnownConferences } from './known/conferences';
import { DevicesByAccess, KnownDeviceEvents } from './known/devices';
import { KnownRegistrations } from './known/registrations';
import { KnownSeats } from './known/seats';
import { KnownSubForums } from './known/sub-forums';
import { Judge } from './scans/judge';
import { ScansController } from './scans/scans.controller';
import { Scans } from './scans/scans.service';
import { Undo } from './scans/undo.service';
import { CheckInSnapshots } from './snapshots/check-ins.snapshots';
import { GateSnapshots } from './snapshots/gates.snapshots';
import { Closing } from './stays/closing';

@Module({
  imports: [
    PlatformModule.forService({
      service: 'check-in',
      snapshots: [GateSnapshots, CheckInSnapshots],
      devices: DevicesByAccess,
    }),
  ],
  controllers: [
    GatesController,
    ScansController,
    ConflictsController,
    KnownConferences,
    KnownSubForums,
    KnownRegistrations,
    KnownSeats,
    KnownBadges,
    KnownDeviceEvents,
  ],
  providers: [
    ConferenceBySlug,
    DevicesByAccess,
    Gates,
    GateSearch,
    GateCounter,
    Judge,
    Scans,
    Undo,
    Conflicts,
    Closing,
    GateSnapshots,
    CheckInSnapshots,
  ],
})
export class CheckInModule {}
