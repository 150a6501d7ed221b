import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '@plenary/messaging';
import { Config } from '@plenary/platform';

export const demoDomain = 'plenary.example';

/** The demo's password stands in the README: outside the demo no account of the demo may be open. */
@Injectable()
export class DemoAccountsRefused implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly config: Config,
  ) {}

  async onModuleInit(): Promise<void> {
    if (this.config.demo) return;
    const open = await this.database.query<{ email: string }>(
      'SELECT email FROM staff WHERE NOT disabled AND email LIKE $1 ORDER BY email',
      [`%@${demoDomain}`],
    );
    if (open.length === 0) return;
    throw new Error(
      `This database has demo accounts whose password is public (${open.map(({ email }) => email).join(', ')}). ` +
        'Disable each with `npm run staff:create -- --disable --email …`, or start with PLENARY_DEMO=1.',
    );
  }
}
