-- What the sample service keeps of what it hears.
create schema read;

create table read.noted (
    tenant uuid not null,
    stream_id uuid not null,
    times integer not null check (times < 100),
    primary key (tenant, stream_id)
);

select es.protect('read.noted');
