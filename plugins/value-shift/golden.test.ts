import { join } from 'node:path';
import { describeGolden } from '#engine/testing.ts';
import { plugin } from './plugin.ts';

describeGolden(plugin, join(import.meta.dirname, 'golden'));
