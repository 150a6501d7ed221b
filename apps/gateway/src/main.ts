import 'reflect-metadata';
import { start } from './gateway';

void start();
