-- The referrals of an authority as duty sees them: one row a child's referral, nothing sealed.
create schema if not exists read;

create table read.worklist (
    tenant uuid not null,
    referral_id uuid not null,
    submission_id uuid not null,
    siblings integer not null,
    reference text not null,
    state text not null,
    case_id uuid not null,
    family_id uuid not null,
    child uuid not null,
    -- As submitted; `urgent` is as last screened.
    said_urgent boolean not null,
    urgent boolean not null,
    known_before boolean not null,
    duty_holder text,
    received_at timestamptz not null,
    screening_overdue boolean not null,
    primary key (tenant, referral_id)
);
create index worklist_oldest on read.worklist (tenant, received_at, referral_id);
create index worklist_of_state on read.worklist (tenant, state, received_at, referral_id);
select es.protect('read.worklist');

-- Whether the last message to a person, by each channel, arrived; heard from notifications.
create table read.deliveries (
    tenant uuid not null,
    person uuid not null,
    channel text not null,
    failed boolean not null,
    heard_of timestamptz not null,
    primary key (tenant, person, channel)
);
select es.protect('read.deliveries');
