import { Module } from '@nestjs/common';
import { PlatformModule } from '@plenary/platform';
import { AccessSnapshots } from './access.snapshots';
import { AuditController, AuditTrail } from './audit-trail/audit-trail';
import { DemoAccountsRefused } from './demo-accounts';
import { DevicesController } from './devices/devices.controller';
import { Devices } from './devices/devices.service';
import { EnrolmentCodes } from './devices/enrolment-codes';
import { Housekeeping } from './housekeeping';
import { ConferenceEvents, Conferences } from './known/conferences';
import { Secrets } from './secrets';
import { Attempts } from './sessions/attempts';
import { RefreshCookie } from './sessions/refresh-cookie';
import { SessionsController } from './sessions/sessions.controller';
import { Sessions } from './sessions/sessions.service';
import { JwksController } from './signing-keys/jwks.controller';
import { SigningKeys } from './signing-keys/signing-keys';
import { Accounts } from './staff/accounts';
import { PasswordLinks } from './staff/password-links';
import { StaffController } from './staff/staff.controller';
import { Staff } from './staff/staff.service';

@Module({
  imports: [PlatformModule.forService({ service: 'identity', snapshots: [AccessSnapshots], jwks: SigningKeys })],
  controllers: [
    SessionsController,
    JwksController,
    StaffController,
    DevicesController,
    AuditController,
    ConferenceEvents,
  ],
  providers: [
    Secrets,
    SigningKeys,
    Attempts,
    RefreshCookie,
    Sessions,
    Accounts,
    PasswordLinks,
    Staff,
    EnrolmentCodes,
    Devices,
    AuditTrail,
    Conferences,
    AccessSnapshots,
    DemoAccountsRefused,
    Housekeeping,
  ],
})
export class IdentityModule {}
