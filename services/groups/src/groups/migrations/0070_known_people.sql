-- Whom a worker knows, as told by those whose facts these are: he finds nothing of their past here.
create table read.known_people (
    tenant uuid not null,
    -- The stream that says so.
    source uuid not null,
    worker uuid not null,
    known uuid not null,
    -- With all to which the one who is known belongs.
    whole boolean not null,
    primary key (tenant, source)
);
create index known_people_of_worker on read.known_people (tenant, worker);
select es.protect('read.known_people');

create table read.belonging (
    tenant uuid not null,
    holder uuid not null,
    member uuid not null,
    primary key (tenant, holder, member)
);
create index belonging_of_member on read.belonging (tenant, member);
select es.protect('read.belonging');
