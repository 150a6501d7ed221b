import 'reflect-metadata';
import { bootstrap } from '@plenary/platform';
import { AttendanceModule } from './attendance.module';

void bootstrap(AttendanceModule, 'attendance');
