import { Module } from '@nestjs/common';
import { PlatformModule } from '@plenary/platform';
import { BadgeSnapshots } from './badges/badge-snapshots';
import { BadgesController } from './badges/badges.controller';
import { Badges } from './badges/badges.service';
import { Issuing } from './badges/issuing';
import { Keys } from './keys/keys.service';
import { Sealing } from './keys/sealing';
import { ConferencesHandler } from './known/conferences.handler';
import { KnownConferences } from './known/known-conferences';
import { KnownLinks } from './known/known-links';
import { RegistrationsHandler } from './known/registrations.handler';
import { PublicController } from './revocations/public.controller';
import { Revocations } from './revocations/revocations.service';

@Module({
  imports: [PlatformModule.forService({ service: 'badge', snapshots: [BadgeSnapshots], links: KnownLinks })],
  controllers: [BadgesController, PublicController, ConferencesHandler, RegistrationsHandler],
  providers: [
    { provide: Sealing, useFactory: () => Sealing.fromEnvironment() },
    Keys,
    Issuing,
    Badges,
    Revocations,
    KnownConferences,
  ],
})
export class BadgeModule {}
