-- Workers as allocation sees them, who works on which case, what was offered and answered. No names.
create table read.workers (
    tenant uuid not null,
    worker uuid not null,
    kind text not null,
    skills text[] not null,
    languages text[] not null,
    -- Minutes by the code of an area.
    areas jsonb not null,
    weekly_minutes integer not null,
    experience text not null,
    lapsed_from date,
    primary key (tenant, worker)
);
select es.protect('read.workers');

-- Both days counted; infinite where the end is open.
create table read.worker_teams (
    tenant uuid not null,
    worker uuid not null,
    team text not null,
    from_day date not null,
    to_day date not null,
    primary key (tenant, worker, team, from_day)
);
create index worker_teams_by_team on read.worker_teams (tenant, team, worker);
select es.protect('read.worker_teams');

create table read.worker_registrations (
    tenant uuid not null,
    worker uuid not null,
    body text not null,
    valid_from date not null,
    valid_to date not null,
    primary key (tenant, worker, body, valid_from)
);
select es.protect('read.worker_registrations');

-- Who works on an open case now.
create table read.case_parts (
    tenant uuid not null,
    case_id uuid not null,
    worker uuid not null,
    part text not null check (part in ('lead', 'co-worker', 'consultant')),
    since timestamptz not null,
    primary key (tenant, case_id, worker)
);
create index case_parts_by_worker on read.case_parts (tenant, worker, case_id);
select es.protect('read.case_parts');

create table read.case_weights (
    tenant uuid not null,
    case_id uuid not null,
    weight integer not null,
    formula text not null,
    primary key (tenant, case_id)
);
select es.protect('read.case_weights');

create table read.offers (
    tenant uuid not null,
    offer_id uuid not null,
    case_id uuid not null,
    worker uuid not null,
    part text not null,
    reason text not null,
    reach text not null,
    weight integer not null,
    offered_at timestamptz not null,
    answer_by date not null,
    answer text not null,
    answer_reason text,
    answered_at timestamptz,
    primary key (tenant, offer_id)
);
create index offers_by_worker on read.offers (tenant, worker, offered_at desc, offer_id desc);
create index offers_by_time on read.offers (tenant, offered_at);
create index offers_by_case on read.offers (tenant, case_id, offered_at);
select es.protect('read.offers');

-- Each naming to a part, by the position of its fact, also those that followed an offer.
create table read.namings (
    tenant uuid not null,
    case_id uuid not null,
    position bigint not null,
    worker uuid not null,
    part text not null,
    named_at timestamptz not null,
    primary key (tenant, case_id, position)
);
create index namings_by_time on read.namings (tenant, named_at);
select es.protect('read.namings');
