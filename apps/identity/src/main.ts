import 'reflect-metadata';
import { bootstrap } from '@plenary/platform';
import { IdentityModule } from './identity.module';

void bootstrap(IdentityModule, 'identity');
