import 'reflect-metadata';
import { bootstrap } from '@plenary/platform';
import { CheckInModule } from './check-in.module';

void bootstrap(CheckInModule, 'check-in');
