-- How long children wait, for figures in which none of them can be found.
create table read.waits (
    tenant uuid not null,
    referral_id uuid not null,
    child uuid not null,
    lives_in text not null,
    received_on date not null,
    screened_on date,
    decided_on date,
    primary key (tenant, referral_id)
);
create index waits_of_a_quarter on read.waits (tenant, received_on);
select es.protect('read.waits');

create table read.ethnicities (
    tenant uuid not null,
    child uuid not null,
    ethnicity text not null,
    primary key (tenant, child)
);
select es.protect('read.ethnicities');

-- What is still to be decided, and what duty sorts it by: nothing sealed. Rows go when it is decided.
create table read.open_referrals (
    tenant uuid not null,
    referral_id uuid not null,
    reference text not null,
    family_id uuid not null,
    child uuid not null,
    case_id uuid not null,
    -- new, screened or redirected
    state text not null default 'new',
    route text not null,
    needs text[] not null,
    languages text[] not null default '{}',
    urgent boolean not null,
    known_before boolean not null,
    duty_holder text,
    received_at timestamptz not null,
    information_due_at timestamptz,
    primary key (tenant, referral_id)
);
create index open_referrals_here on read.open_referrals (tenant, received_at, referral_id)
 where state in ('new', 'screened');
create index open_referrals_new on read.open_referrals (tenant, received_at, referral_id)
 where state = 'new';
create index open_referrals_urgent on read.open_referrals (tenant, received_at, referral_id)
 where state in ('new', 'screened') and urgent;
create index open_referrals_waiting on read.open_referrals (tenant, received_at, referral_id)
 where state in ('new', 'screened') and information_due_at is not null;
select es.protect('read.open_referrals');

-- Families that a worker knows: he sees nothing of them.
create table read.known_families (
    tenant uuid not null,
    referral_id uuid not null,
    worker uuid not null,
    family_id uuid not null,
    primary key (tenant, referral_id, worker)
);
create index known_families_by_worker on read.known_families (tenant, worker, family_id);
select es.protect('read.known_families');

-- Children for whom a submission named an interpreter.
create table read.interpreted (
    tenant uuid not null,
    child uuid not null,
    primary key (tenant, child)
);
select es.protect('read.interpreted');

-- Redirects that nobody has acknowledged: sent from here, or come here.
create table read.open_redirects (
    tenant uuid not null,
    redirect_id uuid not null,
    side text not null,
    referral_id uuid not null,
    other text not null,
    primary key (tenant, redirect_id)
);
create index open_redirects_by_side on read.open_redirects (tenant, side, referral_id);
select es.protect('read.open_redirects');

create table read.clocks (
    tenant uuid not null,
    clock_id uuid not null,
    kind text not null,
    item uuid not null,
    referral_id uuid,
    due_at timestamptz not null,
    earlier_due_at timestamptz,
    policy text not null,
    late boolean not null default false,
    primary key (tenant, clock_id)
);
create index clocks_by_due on read.clocks (tenant, due_at, clock_id);
create index clocks_late on read.clocks (tenant) where late;
select es.protect('read.clocks');

create table read.looks (
    tenant uuid not null,
    look_id uuid not null,
    reader text not null,
    role text not null,
    worklist text not null,
    filters text[] not null,
    shown integer not null,
    looked_at timestamptz not null,
    primary key (tenant, look_id)
);
create index looks_newest on read.looks (tenant, looked_at, look_id);
create index looks_of_list on read.looks (tenant, worklist, looked_at, look_id);
create index looks_of_reader on read.looks (tenant, reader, looked_at, look_id);
select es.protect('read.looks');
