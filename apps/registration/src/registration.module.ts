import { Module } from '@nestjs/common';
import { PlatformModule } from '@plenary/platform';
import { Calendars } from './calendar/calendar.service';
import { Resender } from './choices/resender';
import { SeatsHandler } from './choices/seats.handler';
import { DelegationsController } from './delegations/delegations.controller';
import { Delegations } from './delegations/delegations.service';
import { FormController } from './form/form.controller';
import { Forms } from './form/form.service';
import { KnownHandlers } from './known/known.handlers';
import { Programme } from './known/programme';
import { Amendments } from './registrations/amendments.service';
import { Decisions } from './registrations/decisions.service';
import { CurrentLinks, Links } from './registrations/links.service';
import { Readings } from './registrations/readings.service';
import { RegistrationsController } from './registrations/registrations.controller';
import { Submissions } from './registrations/submissions.service';
import { DelegationSnapshots, RegistrationSnapshots, SeatRequestSnapshots } from './snapshots';

@Module({
  imports: [
    PlatformModule.forService({
      service: 'registration',
      snapshots: [DelegationSnapshots, RegistrationSnapshots, SeatRequestSnapshots],
      links: CurrentLinks,
    }),
  ],
  controllers: [FormController, RegistrationsController, DelegationsController, KnownHandlers, SeatsHandler],
  providers: [Programme, Forms, Submissions, Amendments, Decisions, Links, Readings, Calendars, Delegations, Resender],
})
export class RegistrationModule {}
