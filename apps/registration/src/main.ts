import 'reflect-metadata';
import { bootstrap } from '@plenary/platform';
import { RegistrationModule } from './registration.module';

void bootstrap(RegistrationModule, 'registration');
