-- What is asked of cases: how each stands, who leads which, what happened when. No names; what is
-- sealed in the events stays sealed in the copies.
create schema if not exists read;

create table read.cases (
    tenant uuid not null,
    case_id uuid not null,
    child uuid not null,
    family_id uuid not null,
    contact uuid,
    state text not null check (state in ('open', 'closed')),
    episode integer not null,
    -- Of the episode.
    opened_at timestamptz not null,
    opened_precision text not null,
    lead uuid,
    lead_since timestamptz,
    lead_since_precision text,
    -- Set while the open case has no lead.
    allocate_by timestamptz,
    overdue boolean not null,
    closed_at timestamptz,
    closed_precision text,
    close_reason text,
    sessions integer not null,
    corrections integer not null,
    primary key (tenant, case_id)
);
create index cases_by_state on read.cases (tenant, state, opened_at, case_id);
create index cases_unallocated on read.cases (tenant, opened_at, case_id)
    where state = 'open' and lead is null;
select es.protect('read.cases');

create table read.case_referrals (
    tenant uuid not null,
    case_id uuid not null,
    referral_id uuid not null,
    reference text not null,
    episode integer not null,
    needs text[] not null,
    duty_holder text,
    joined_at timestamptz not null,
    joined_precision text not null,
    primary key (tenant, case_id, referral_id)
);
select es.protect('read.case_referrals');

-- What a group told of the place that a case asked for; one row a cohort, the latest request.
create table read.case_places (
    tenant uuid not null,
    case_id uuid not null,
    cohort_id uuid not null,
    request_id uuid,
    place_id uuid,
    state text not null,
    primary key (tenant, case_id, cohort_id)
);
select es.protect('read.case_places');

create table read.place_sessions (
    tenant uuid not null,
    case_id uuid not null,
    cohort_id uuid not null,
    session_number integer not null,
    attendance text not null,
    primary key (tenant, case_id, cohort_id, session_number)
);
select es.protect('read.place_sessions');

-- Sessions as they stand after their corrections.
create table read.sessions (
    tenant uuid not null,
    session_id uuid not null,
    case_id uuid not null,
    worker uuid not null,
    kind text not null,
    held_on date not null,
    primary key (tenant, session_id)
);
create index sessions_by_case on read.sessions (tenant, case_id, held_on);
select es.protect('read.sessions');

-- Who leads a case now.
create table read.caseload (
    tenant uuid not null,
    case_id uuid not null,
    worker uuid not null,
    child uuid not null,
    episode integer not null,
    since timestamptz not null,
    since_precision text not null,
    primary key (tenant, case_id)
);
create index caseload_by_worker on read.caseload (tenant, worker, since, case_id);
select es.protect('read.caseload');

-- One row a fact of a case. `sealed` copies each sealed block with what its opening is bound to.
create table read.chronology (
    tenant uuid not null,
    case_id uuid not null,
    occurred_at timestamptz not null,
    position bigint not null,
    event_id uuid not null,
    occurred_precision text not null,
    recorded_at timestamptz not null,
    stream_id uuid not null,
    version integer not null,
    type text not null,
    schema_version integer not null,
    actor text not null,
    actor_role text not null,
    basis text not null,
    corrects uuid,
    said jsonb not null,
    sealed jsonb not null,
    primary key (tenant, case_id, occurred_at, position)
);
create index chronology_corrections on read.chronology (tenant, case_id, corrects, recorded_at)
    where corrects is not null;
select es.protect('read.chronology');

-- Heard from referrals: how urgent a referral is (0 ordinary, 1 urgent, 2 a child in danger).
create table read.urgency (
    tenant uuid not null,
    referral_id uuid not null,
    urgency smallint not null,
    primary key (tenant, referral_id)
);
select es.protect('read.urgency');

-- Heard from referrals: who owes a child the service, from and to a day, both counted.
create table read.duty (
    tenant uuid not null,
    child uuid not null,
    from_day date not null,
    duty_holder text not null,
    to_day date not null,
    primary key (tenant, child, from_day)
);
select es.protect('read.duty');
