-- The read models of the tests' small domain.
create schema read;

create table read.totals (
    tenant uuid not null,
    stream_id uuid not null,
    total integer not null,
    primary key (tenant, stream_id)
);

-- What was noted, and how often: a write that is done twice shows.
create table read.notes (
    tenant uuid not null,
    stream_id uuid not null,
    times integer not null check (times < 100),
    primary key (tenant, stream_id)
);

select es.protect('read.totals'), es.protect('read.notes');
