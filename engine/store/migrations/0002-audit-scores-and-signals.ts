import { Migration } from '@mikro-orm/migrations';

/** When and how commands ended, how plans did, and which signals a strategy heard. */
export class AuditScoresAndSignals extends Migration {
  override up(): void {
    this.addSql(
      'alter table "audit_entries" add column "at" timestamptz(6) null, add column "outcome" text null',
    );
    this.addSql('alter table "journal_entries" add column "heard" jsonb null');
    this.addSql(`
      create table "hypothesis_scores" (
        "topic" text not null, "partition" int not null, "offset" bigint not null,
        "ts" timestamptz(6) not null, "instrument" text not null, "flow" text not null,
        "node" text not null, "port" text not null, "trade_date" date not null,
        "version" int not null, "regime" text not null, "bias" text not null,
        "realised" text not null, "condition_hit" boolean null, "bias_hit" boolean null,
        "invalidated_at" timestamptz(6) null, "range_ticks" int not null,
        "close_minus_open_ticks" int not null, "counted" boolean not null, "record" jsonb not null,
        primary key ("topic", "partition", "offset")
      )`);
    this.addSql(
      'create index "hypothesis_scores_instrument_trade_date_index" on "hypothesis_scores" ("instrument", "trade_date")',
    );
  }

  override down(): void {
    this.addSql('drop table "hypothesis_scores"');
    this.addSql('alter table "journal_entries" drop column "heard"');
    this.addSql('alter table "audit_entries" drop column "at", drop column "outcome"');
  }
}
