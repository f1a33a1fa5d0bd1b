-- What people are found by when they are met again: blind indexes, a row a tag, never a name. They go
-- with a shred. Filled by the role `react`, which opens what it is made of on record.
create table read.person_tags (
    tenant uuid not null,
    tag uuid not null,
    person uuid not null,
    -- tags.Kind
    kind smallint not null,
    primary key (tenant, tag, person, kind)
);
create index person_tags_of_person on read.person_tags (tenant, person, tag, kind);
select es.protect('read.person_tags');

-- Two people who may be one, and what came of it: ids, a score, coded reasons.
create table read.match_proposals (
    tenant uuid not null,
    match_id uuid not null,
    one uuid not null,
    other uuid not null,
    score integer not null,
    reasons text[] not null,
    state text not null,
    proposed_at timestamptz not null,
    primary key (tenant, match_id)
);
create index match_proposals_of_state
    on read.match_proposals (tenant, state, proposed_at, match_id);
create index match_proposals_of_one on read.match_proposals (tenant, one);
create index match_proposals_of_other on read.match_proposals (tenant, other);
select es.protect('read.match_proposals');

-- Whose thread turned out to be an identity before adoption: no match with it is ever shown.
create table read.earlier_identities (
    tenant uuid not null,
    person uuid not null,
    primary key (tenant, person)
);
select es.protect('read.earlier_identities');
