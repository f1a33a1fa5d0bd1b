-- What is asked of groups: which cohorts an authority can use, how full those are that it hosts, and
-- what became of its own families' places. Opaque ids, codes, days and numbers.

create schema if not exists read;

-- One row for each authority that knows the cohort: its host and those whose families may come.
create table read.cohorts (
    tenant uuid not null,
    cohort_id uuid not null,
    programme_id uuid not null,
    host uuid not null,
    capacity_families integer not null,
    session_days date[] not null,
    offer_days integer not null,
    referral_deadline date not null,
    starts_on date not null,
    primary key (tenant, cohort_id)
);
create index cohorts_by_start on read.cohorts (tenant, starts_on desc, cohort_id);
select es.protect('read.cohorts');

-- Kept by the host alone: who holds room in its cohorts and who waits for it.
create table read.cohort_places (
    tenant uuid not null,
    cohort_id uuid not null,
    place_id uuid not null,
    family_id uuid not null,
    held boolean not null,
    primary key (tenant, cohort_id, place_id)
);
select es.protect('read.cohort_places');

create table read.places (
    tenant uuid not null,
    place_id uuid not null,
    -- The position of the event that asked for it: the order of lists.
    position bigint not null,
    cohort_id uuid not null,
    request_id uuid not null,
    family_id uuid not null,
    child uuid,
    contact uuid not null,
    case_id uuid,
    status text not null,
    offer_expires timestamptz,
    primary key (tenant, place_id)
);
create index places_of_cohort on read.places (tenant, cohort_id, position);
select es.protect('read.places');

create table read.attendance (
    tenant uuid not null,
    place_id uuid not null,
    session_number integer not null,
    attendance text not null,
    held_on date not null,
    primary key (tenant, place_id, session_number)
);
select es.protect('read.attendance');
