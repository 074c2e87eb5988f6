#!/usr/bin/env node
import { enter } from './entry.mjs';

enter(() => import('./workspace/cli.mjs'));
