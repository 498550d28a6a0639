import { Migration } from '@mikro-orm/migrations';

/** The first tables of the store. */
export class FirstTables extends Migration {
  override up(): void {
    this.marketAndProfiles();
    this.plan();
    this.outcomes();
    this.journal();
    this.broker();
    this.system();
  }

  override down(): void {
    for (const table of tables) this.addSql(`drop table "${table}"`);
  }

  private marketAndProfiles(): void {
    this.addSql(`
      create table "bars" (
        "instrument" text not null, "start" timestamptz(6) not null, "open" int not null,
        "high" int not null, "low" int not null, "close" int not null,
        "volume" double precision not null, "buy_volume" double precision not null,
        "sell_volume" double precision not null, "unknown_volume" double precision not null,
        "trades" int not null, primary key ("instrument", "start")
      )`);
    this.addSql(`
      create table "latest_prices" (
        "instrument" text not null, "feed_ts" timestamptz(6) not null, "last" int null,
        "last_size" double precision null, "last_ts" timestamptz(6) null, "bid" int null,
        "bid_size" double precision null, "ask" int null, "ask_size" double precision null,
        "quote_ts" timestamptz(6) null, primary key ("instrument")
      )`);
    this.addSql(`
      create table "session_days" (
        "instrument" text not null, "trade_date" date not null,
        "starts_at" timestamptz(6) not null, "rth_open" timestamptz(6) null,
        "rth_end" timestamptz(6) null, "phase" text not null, "short" boolean not null,
        "holiday" boolean not null, "thin" boolean not null, "gap" boolean not null,
        "contract" text null, primary key ("instrument", "trade_date")
      )`);
    this.addSql(`
      create table "daily_profiles" (
        "topic" text not null, "partition" int not null, "trade_date" date not null,
        "offset" bigint not null, "ts" timestamptz(6) not null, "instrument" text not null,
        "flow" text not null, "node" text not null, "port" text not null, "open" int not null,
        "high" int not null, "low" int not null, "close" int not null, "poc" int not null,
        "vah" int not null, "val" int not null, "volume" double precision not null,
        "initial_balance_high" int null, "initial_balance_low" int null, "shape" text not null,
        "day_type" text null, "short" boolean not null, "holiday" boolean not null,
        "approximate" boolean not null, "gap" boolean not null, "contract" text null,
        "record" jsonb not null, primary key ("topic", "partition", "trade_date")
      )`);
    this.addSql(
      'create index "daily_profiles_instrument_trade_date_index" on "daily_profiles" ("instrument", "trade_date")',
    );
    this.addSql(`
      create table "composite_profiles" (
        "topic" text not null, "partition" int not null, "as_of" date not null,
        "offset" bigint not null, "ts" timestamptz(6) not null, "instrument" text not null,
        "flow" text not null, "node" text not null, "port" text not null,
        "in_force" boolean not null, "poc" int not null, "vah" int not null, "val" int not null,
        "low" int not null, "high" int not null, "volume" double precision not null,
        "width_ticks" double precision not null, "sessions" jsonb not null,
        "partial" boolean not null, "approximate" boolean not null,
        "roll_unadjusted" boolean not null, "roll_shift_ticks" double precision not null,
        primary key ("topic", "partition", "as_of")
      )`);
    this.addSql(
      'create index "composite_profiles_instrument_as_of_index" on "composite_profiles" ("instrument", "as_of")',
    );
    this.addSql(`
      create table "composite_stacks" (
        "topic" text not null, "partition" int not null, "as_of" date not null,
        "offset" bigint not null, "ts" timestamptz(6) not null, "instrument" text not null,
        "flow" text not null, "node" text not null, "port" text not null,
        "in_force" boolean not null, "migration" text not null, "partial" boolean not null,
        "record" jsonb not null, primary key ("topic", "partition", "as_of")
      )`);
    this.addSql(
      'create index "composite_stacks_instrument_as_of_index" on "composite_stacks" ("instrument", "as_of")',
    );
  }

  private plan(): void {
    this.addSql(`
      create table "hypotheses" (
        "topic" text not null, "partition" int not null, "offset" bigint not null,
        "ts" timestamptz(6) not null, "instrument" text not null, "flow" text not null,
        "node" text not null, "port" text not null, "trade_date" date not null,
        "version" int not null, "reason" text not null, "regime" text not null,
        "bias" text not null, "condition" text not null, "permits" boolean not null,
        "invalidation" int null, "open_case" text null, "record" jsonb not null,
        primary key ("topic", "partition", "offset")
      )`);
    this.addSql(
      'create index "hypotheses_instrument_trade_date_version_index" on "hypotheses" ("instrument", "trade_date", "version")',
    );
    this.addSql(`
      create table "signals" (
        "topic" text not null, "partition" int not null, "offset" bigint not null,
        "ts" timestamptz(6) not null, "instrument" text not null, "flow" text not null,
        "node" text not null, "port" text not null, "seq" bigint null, "schema" text not null,
        "trade_date" date not null, "side" text not null, "price" int not null,
        "target" int null, "invalidation" int null, "reason" text not null,
        "evidence" jsonb not null, "record" jsonb not null,
        primary key ("topic", "partition", "offset")
      )`);
    this.addSql('create index "signals_ts_index" on "signals" ("ts")');
    this.addSql(
      'create index "signals_instrument_trade_date_ts_index" on "signals" ("instrument", "trade_date", "ts")',
    );
    this.addSql(`
      create table "trade_ideas" (
        "topic" text not null, "partition" int not null, "offset" bigint not null,
        "ts" timestamptz(6) not null, "instrument" text not null, "flow" text not null,
        "node" text not null, "port" text not null, "seq" bigint null, "side" text not null,
        "entry" int not null, "stop" int not null, "target" int not null, "target2" int null,
        "invalidation" int null, "reward_risk" double precision null, "expiry_minutes" int null,
        "strategy" text null, "reason" text not null,
        primary key ("topic", "partition", "offset")
      )`);
    this.addSql(
      'create index "trade_ideas_instrument_ts_index" on "trade_ideas" ("instrument", "ts")',
    );
  }

  private outcomes(): void {
    this.addSql(`
      create table "expectations" (
        "topic" text not null, "partition" int not null, "offset" bigint not null,
        "ts" timestamptz(6) not null, "instrument" text not null, "flow" text not null,
        "node" text not null, "port" text not null, "trade_date" date not null,
        "expectation" text not null, "side" text null, "status" text not null,
        "failure" text null, "price" int not null, "target" int null, "invalidation" int null,
        "horizon" timestamptz(6) null, "reason" text not null, "record" jsonb not null,
        primary key ("topic", "partition", "offset")
      )`);
    this.addSql(
      'create index "expectations_instrument_trade_date_ts_index" on "expectations" ("instrument", "trade_date", "ts")',
    );
    this.addSql(`
      create table "outcomes" (
        "topic" text not null, "partition" int not null, "offset" bigint not null,
        "ts" timestamptz(6) not null, "instrument" text not null, "flow" text not null,
        "node" text not null, "port" text not null, "trade_date" date not null,
        "setup" text not null, "variant" text not null, "side" text not null,
        "result" text not null, "triggered_at" timestamptz(6) not null, "entry" int not null,
        "target" int null, "invalidation" int null, "price" int not null,
        "result_ticks" int not null, primary key ("topic", "partition", "offset")
      )`);
    this.addSql(
      'create index "outcomes_instrument_trade_date_triggered_at_index" on "outcomes" ("instrument", "trade_date", "triggered_at")',
    );
    this.addSql(
      'create index "outcomes_setup_variant_trade_date_index" on "outcomes" ("setup", "variant", "trade_date")',
    );
  }

  private journal(): void {
    this.addSql(`
      create table "journal_entries" (
        "topic" text not null, "partition" int not null, "offset" bigint not null,
        "ts" timestamptz(6) not null, "instrument" text not null, "flow" text not null,
        "node" text not null, "seq" bigint not null, "event" text not null, "from" text not null,
        "to" text not null, "transitions" int not null, "taken" jsonb not null, "emits" jsonb not null, "blocked" int null,
        primary key ("topic", "partition", "offset")
      )`);
    this.addSql(
      'create index "journal_entries_flow_node_ts_index" on "journal_entries" ("flow", "node", "ts")',
    );
    this.addSql(
      'create index "journal_entries_instrument_ts_index" on "journal_entries" ("instrument", "ts")',
    );
    this.addSql(`
      create table "near_misses" (
        "topic" text not null, "partition" int not null, "offset" bigint not null,
        "index" int not null, "ts" timestamptz(6) not null, "instrument" text not null,
        "flow" text not null, "node" text not null, "kind" text not null, "what" text not null,
        "seq" bigint null, "shortfall" double precision not null, "held" int not null,
        "missed" int not null, "leaves" jsonb not null,
        primary key ("topic", "partition", "offset", "index")
      )`);
    this.addSql(
      'create index "near_misses_instrument_ts_index" on "near_misses" ("instrument", "ts")',
    );
    this.addSql(
      'create index "near_misses_flow_node_ts_index" on "near_misses" ("flow", "node", "ts")',
    );
    this.addSql(`
      create table "dead_letters" (
        "topic" text not null, "partition" int not null, "offset" bigint not null,
        "ts" timestamptz(6) not null, "instrument" text not null, "flow" text not null,
        "node" text not null, "seq" bigint not null, "error" text not null,
        "policy" text not null, "replay" text not null, "event" jsonb null,
        primary key ("topic", "partition", "offset")
      )`);
    this.addSql('create index "dead_letters_ts_index" on "dead_letters" ("ts")');
  }

  private broker(): void {
    this.addSql(`
      create table "positions" (
        "account" text not null, "instrument" text not null, "contracts" int not null,
        "average_price" numeric(20,8) null, "open_cents" bigint null,
        "realised_cents" bigint null, "fees_cents" bigint null, "ts" timestamptz(6) not null,
        primary key ("account", "instrument")
      )`);
    this.addSql(`
      create table "orders" (
        "order_ref" text not null, "account" text not null, "instrument" text not null,
        "flow" text not null, "node" text not null, "perm_id" bigint null, "side" text not null,
        "kind" text not null, "contracts" int not null, "filled" int not null, "price" int null,
        "stop_price" int null, "average_fill" numeric(20,8) null, "status" text not null,
        "reason" text null, "created_at" timestamptz(6) not null, "ts" timestamptz(6) not null,
        primary key ("order_ref")
      )`);
    this.addSql('create index "orders_instrument_ts_index" on "orders" ("instrument", "ts")');
    this.addSql('create index "orders_status_index" on "orders" ("status")');
    this.addSql(`
      create table "trades" (
        "id" text not null, "account" text not null, "instrument" text not null,
        "flow" text not null, "strategy" text null, "trade_date" date not null,
        "side" text not null, "contracts" int not null, "entry_price" numeric(20,8) not null,
        "entry_at" timestamptz(6) not null, "exit_price" numeric(20,8) null,
        "exit_at" timestamptz(6) null, "result_cents" bigint null, "fees_cents" bigint null,
        "status" text not null, "regime" text null, "signals" jsonb not null, primary key ("id")
      )`);
    this.addSql(
      'create index "trades_instrument_trade_date_entry_at_index" on "trades" ("instrument", "trade_date", "entry_at")',
    );
    this.addSql('create index "trades_status_index" on "trades" ("status")');
  }

  private system(): void {
    this.addSql(`
      create table "system_status" (
        "instrument" text not null, "component" text not null, "state" text not null,
        "since" timestamptz(6) not null, "ts" timestamptz(6) not null, "detail" jsonb not null,
        primary key ("instrument", "component")
      )`);
    this.addSql(`
      create table "runs" (
        "id" text not null, "instrument" text not null, "flow" text not null,
        "flow_version" text not null, "flow_hash" text not null, "program" text not null,
        "sources" jsonb not null, "started_at" timestamptz(6) not null,
        "stopped_at" timestamptz(6) null, "state" text not null,
        primary key ("id", "instrument")
      )`);
    this.addSql('create index "runs_started_at_index" on "runs" ("started_at")');
    this.addSql(`
      create table "audit_entries" (
        "topic" text not null, "partition" int not null, "offset" bigint not null,
        "ts" timestamptz(6) not null, "instrument" text not null, "command" text not null,
        "actor" text null, "reason" text null, "key" text null, "record" jsonb not null,
        primary key ("topic", "partition", "offset")
      )`);
    this.addSql('create index "audit_entries_ts_index" on "audit_entries" ("ts")');
    this.addSql(`
      create table "topic_offsets" (
        "topic" text not null, "partition" int not null, "next" bigint not null,
        "last_ts" timestamptz(6) not null, "refused" bigint not null, "missed" bigint not null,
        primary key ("topic", "partition")
      )`);
    this.addSql(`
      create table "store_identity" (
        "id" int not null, "log_id" text not null, "projection" int not null, primary key ("id")
      )`);
  }
}

const tables = [
  'audit_entries',
  'bars',
  'composite_profiles',
  'composite_stacks',
  'daily_profiles',
  'dead_letters',
  'expectations',
  'hypotheses',
  'journal_entries',
  'latest_prices',
  'near_misses',
  'orders',
  'outcomes',
  'positions',
  'runs',
  'session_days',
  'signals',
  'store_identity',
  'system_status',
  'topic_offsets',
  'trades',
  'trade_ideas',
];
