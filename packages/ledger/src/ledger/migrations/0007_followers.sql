-- What follows the feed and what hears others: how far each has come, and what it could not do.

-- `position` and `event_id` are the last event handled, `seen_to` the position up to which there is
-- nothing more. Whoever writes names the epoch under which it leads. No tenant: it holds positions.
create table es.checkpoints (
    name text not null,
    shard integer not null default 0,
    position bigint not null default 0,
    event_id uuid,
    seen_to bigint not null default 0,
    epoch bigint not null default 0,
    owner text not null default '',
    primary key (name, shard)
);
select es.allow('handler', 'select', 'es.checkpoints');
select es.allow('worker', 'select, insert, update', 'es.checkpoints');

-- The events about a case or a person, each in its order in the log.
create table es.threads (
    tenant uuid not null,
    thread uuid not null,
    position bigint not null,
    primary key (tenant, thread, position)
);
select es.protect('es.threads');

-- How far each stream of others has been heard. Never pruned: a topic that is wiped and written anew
-- then does nothing twice.
create table es.heard (
    tenant uuid not null,
    consumer text not null,
    stream_id uuid not null,
    version integer not null,
    primary key (tenant, consumer, stream_id)
);

-- Commands that followed from something heard or due, and that the domain refused.
create table es.refused (
    tenant uuid not null,
    consumer text not null,
    event_id uuid not null,
    command_id uuid not null,
    refusal text not null,
    refused_at timestamptz not null default clock_timestamp(),
    primary key (tenant, consumer, event_id, command_id)
);

-- A stream of others that waits: its first record could not be handled, the later ones queue behind.
create table es.parked (
    tenant uuid not null,
    consumer text not null,
    stream_id uuid not null,
    reason text not null,
    attempts integer not null default 0,
    parked_at timestamptz not null default clock_timestamp(),
    next_attempt_at timestamptz not null default clock_timestamp(),
    primary key (tenant, consumer, stream_id)
);
create index parked_by_time on es.parked (consumer, next_attempt_at);

-- The records of parked streams as they came. Header i is header_names[i], header_values[i].
create table es.parked_records (
    tenant uuid not null,
    consumer text not null,
    stream_id uuid not null,
    version integer not null,
    event_id uuid,
    type text not null,
    topic text not null,
    partition integer not null,
    "offset" bigint not null,
    key bytea,
    value bytea,
    header_names text[] not null,
    header_values bytea[] not null,
    primary key (tenant, consumer, stream_id, version)
);

-- Records whose stream cannot be read, so nothing waits for them. No tenant: none can be told.
create table es.dead_letters (
    topic text not null,
    partition integer not null,
    "offset" bigint not null,
    key bytea,
    value bytea,
    header_names text[] not null,
    header_values bytea[] not null,
    reason text not null,
    received_at timestamptz not null default clock_timestamp(),
    primary key (topic, partition, "offset")
);
select es.allow('worker', 'select, insert, delete', 'es.dead_letters');

-- A deadline that a recorded fact set, until it is met or fires. Set anew, it moves.
create table es.deadlines (
    tenant uuid not null,
    kind text not null,
    stream_id uuid not null,
    due_at timestamptz not null,
    set_by uuid not null,
    fired_at timestamptz,
    met_at timestamptz,
    primary key (tenant, kind, stream_id)
);
create index deadlines_open on es.deadlines (due_at) where fired_at is null and met_at is null;
select es.protect('es.deadlines');

-- Background work alone reads and writes these: they hold what others sent us, as it came.
select es.guard(each::regclass),
       es.allow('worker', 'select, insert, update, delete', each::regclass)
  from unnest(array['es.heard', 'es.refused', 'es.parked', 'es.parked_records']) each;
