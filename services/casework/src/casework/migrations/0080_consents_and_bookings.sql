-- Which matters of consent a case has; how each stands is read from its stream.
create table read.consents (
    tenant uuid not null,
    case_id uuid not null,
    purpose text not null,
    -- With whom is shared; empty for any other purpose.
    party text not null,
    primary key (tenant, case_id, purpose, party)
);
select es.protect('read.consents');

-- Sessions that are booked and neither held nor cancelled.
create table read.bookings (
    tenant uuid not null,
    booking_id uuid not null,
    case_id uuid not null,
    worker uuid not null,
    kind text not null,
    starts_at timestamptz not null,
    minutes integer not null,
    primary key (tenant, booking_id)
);
create index bookings_by_case on read.bookings (tenant, case_id, starts_at);
create index bookings_by_worker on read.bookings (tenant, worker, starts_at);
select es.protect('read.bookings');
