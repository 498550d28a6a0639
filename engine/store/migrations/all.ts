import type { MigrationObject } from '@mikro-orm/core';
import { FirstTables } from './0001-first-tables.ts';
import { AuditScoresAndSignals } from './0002-audit-scores-and-signals.ts';

/** Every migration, oldest first. A change of an entity brings one more; the drift test prints the statements it needs. */
export const migrations: MigrationObject[] = [
  { name: '0001-first-tables', class: FirstTables },
  { name: '0002-audit-scores-and-signals', class: AuditScoresAndSignals },
];
